/** Several SVG texts below each other as one, as wide as the widest; one is left as it is. */
export function stacked(pictures: readonly string[]): string {
  const [alone, ...others] = pictures;
  if (alone !== undefined && others.length === 0) return alone;
  let height = 0;
  let widest = 0;
  const placed = pictures.map((text) => {
    const [, width = 0, own = 0] = (
      /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(text) ?? []
    ).map(Number);
    const inner = text.trim().replace('<svg', `<svg y="${height}"`);
    height += own;
    widest = Math.max(widest, width);
    return inner;
  });
  const size = `width="${widest}" height="${height}" viewBox="0 0 ${widest} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<rect width="100%" height="100%" fill="white"/>\n${placed.join('\n')}\n</svg>\n`;
}
