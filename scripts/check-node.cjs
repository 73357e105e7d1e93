// Plain CommonJS, so that even a Node far too old reaches the message.
var wanted = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(`hcgs: needs Node ${wanted.join('.')} or later, this is ${process.versions.node}`);
  process.exit(1);
}
