import { findProgram as findShellProgram, type Program } from "../shell/index.js";
import { nginxEntrypoint } from "./image-catalog/nginx/entrypoint.js";
import { nginxProgram } from "./image-catalog/nginx/nginx.js";
import { busyboxProgram } from "./image-catalog/programs/busybox.js";
import { pauseProgram } from "./image-catalog/programs/pause.js";
import { imageProgram } from "./kernel/image-sys.js";

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ["busybox", busyboxProgram],
  ["nginx", imageProgram(nginxProgram)],
  ["nginx-entrypoint", nginxEntrypoint],
  ["pause", pauseProgram],
  ["run-until-stopped", pauseProgram],
]);

/** The program that an executable names: the catalogue's own, or one of the userland. */
export const findProgram = (name: string): Program | null =>
  PROGRAMS.get(name) ?? findShellProgram(name) ?? null;
