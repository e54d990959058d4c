import type { Inode } from "../../../vfs/index.js";
import type { Process } from "../process.js";
import { sysctl, sysctlNames } from "../sysctls.js";
import { procFileSystem, SyntheticDirectory, TextFile } from "./synthetic.js";

/** /proc/sys: settings as files, their dots as directories. */
const directoryFor = (prefix: string): SyntheticDirectory =>
  new SyntheticDirectory(
    procFileSystem,
    (name, viewer) => {
      const full = prefix + name;
      const names = sysctlNames(viewer);
      if (names.includes(full)) return settingFile(full);
      return names.some((other) => other.startsWith(`${full}.`)) ? subdirectory(full) : null;
    },
    (viewer) => {
      const found = new Map<string, Inode>();
      for (const full of sysctlNames(viewer)) {
        if (!full.startsWith(prefix)) continue;
        const [name = "", ...rest] = full.slice(prefix.length).split(".");
        if (!found.has(name))
          found.set(name, rest.length === 0 ? settingFile(full) : subdirectory(prefix + name));
      }
      return [...found];
    },
    0o555,
    0,
    0,
    numberFor(prefix),
  );

const subdirectory = (full: string): SyntheticDirectory => directoryFor(`${full}.`);

const settingFile = (name: string): TextFile =>
  new TextFile(
    procFileSystem,
    (viewer) => `${sysctl(viewer, name)}\n`,
    0o644,
    (viewer: Process, text: string) => {
      sysctl(viewer, name, text.trim());
    },
    0,
    0,
    false,
    numberFor(name),
  );

/** A number that follows from the name, so that it is the same in every run. */
const numberFor = (name: string): number => {
  let hash = 5381;
  for (let i = 0; i < name.length; i += 1) hash = (Math.imul(hash, 33) ^ name.charCodeAt(i)) >>> 0;
  return 4_026_531_840 + (hash % 100_000_000);
};

export const sysctlDirectory = directoryFor("");
