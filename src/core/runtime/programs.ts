import { findProgram as findShellProgram, type Program } from "../shell/index.js";
import { busyboxProgram } from "./image-catalog/programs/busybox.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ["busybox", busyboxProgram],
  ["pause", pauseProgram],
  ["run-until-stopped", pauseProgram],
]);

/** The program that an executable names: the catalogue's own, or one of the userland. */
export const findProgram = (name: string): Program | null =>
  PROGRAMS.get(name) ?? findShellProgram(name) ?? null;
