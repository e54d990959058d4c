import type { CommandBody } from "./command.js";
import { ls } from "./files/ls.js";
import { mkdir } from "./files/mkdir.js";
import { rm } from "./files/rm.js";
import { touch } from "./files/touch.js";
import { sleep, usleep } from "./process/sleep.js";
import { cat } from "./text/cat.js";
import { echo, falseCommand, kill, printf, pwd, test, trueCommand } from "./shell-builtins.js";

export type ProgramFamily = "files" | "text" | "process" | "network" | "system";

/** Every command of the userland by its name. */
export const FAMILIES: Readonly<Record<ProgramFamily, Readonly<Record<string, CommandBody>>>> = {
  files: { ls, mkdir, rm, touch },
  text: { cat },
  process: { sleep, usleep, kill },
  network: {},
  system: {
    echo,
    false: falseCommand,
    printf,
    pwd,
    test,
    "[": test,
    "[[": test,
    true: trueCommand,
  },
};
