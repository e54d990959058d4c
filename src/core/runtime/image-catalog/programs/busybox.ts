import { findProgram, type Blocking, type Program, type Sys } from "../../../shell/index.js";
import { BUSYBOX_APPLETS } from "../applets.js";

const encoder = new TextEncoder();

/** One executable for all applets: which one it is says the name it was called by (libbb/appletlib.c). */
export const busyboxProgram: Program = (sys, argv, env) => {
  const name = baseName(argv[0] ?? "");
  if (!name.startsWith("busybox")) return applet(sys, name, argv, env);
  const [, first = ""] = argv;
  if (first === "" || first === "--help") return printUsage(sys);
  if (first === "--list") return print(sys, 1, `${BUSYBOX_APPLETS.join("\n")}\n`, 0);
  return applet(sys, baseName(first), argv.slice(1), env);
};

const applet: (
  sys: Sys,
  name: string,
  argv: readonly string[],
  env: Map<string, string>,
) => Blocking<number> = (sys, name, argv, env) =>
  findProgram(name)?.(sys, argv, env) ?? print(sys, 2, `${name}: applet not found\n`, 127);

const printUsage = (sys: Sys): Blocking<number> =>
  print(
    sys,
    1,
    "BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.\n" +
      "BusyBox is copyrighted by many authors between 1998-2015.\n" +
      "Licensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\n" +
      "Usage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: busybox --show SCRIPT\n" +
      "   or: busybox --install [-s] [DIR]\n   or: function [arguments]...\n\n" +
      `Currently defined functions:\n\t${BUSYBOX_APPLETS.join(", ")}\n`,
    0,
  );

function* print(sys: Sys, fd: number, text: string, code: number): Blocking<number> {
  yield* sys.write(fd, encoder.encode(text));
  return code;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "");
