import type { Program } from "../shell/index.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";
import { standInProgram, waitForSignal } from "./stand-in-programs.js";

const PROGRAMS: ReadonlyMap<string, Program> = new Map([
  ["pause", pauseProgram],
  ["busybox", standInProgram],
  ["run-until-stopped", waitForSignal],
]);

/** The program that an executable names. */
export const findProgram = (name: string): Program | null => PROGRAMS.get(name) ?? null;
