import { z } from 'zod';

const perFrame = z.number().min(0);

/** What the macros of a design do in a frame: the file of `cosim --activity`, which `synth --activity` reads. */
export const activitySchema = z.strictObject({
  design: z.string(),
  designHash: z.string().describe('of the design that was simulated'),
  frames: z.int().min(1).describe('frames that the means are over, one behind the other'),
  cyclesPerFrame: z.number().positive().describe('measured, means over the frames'),
  macros: z
    .array(
      z.strictObject({
        instance: z.string().describe('path below the top'),
        macro: z.string().describe('name of its cell'),
        ports: z
          .array(z.strictObject({ reads: perFrame, writes: perFrame }))
          .min(1)
          .readonly()
          .describe('cycles of a frame in which each port reads, and writes'),
      }),
    )
    .min(1)
    .readonly(),
});

export type Activity = z.infer<typeof activitySchema>;
export type MacroActivity = Activity['macros'][number];

/** The file. */
export function activityText(activity: Activity): string {
  return `${JSON.stringify(activity, null, 2)}\n`;
}
