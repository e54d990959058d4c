import type { Process } from "../process.js";

/** /proc/<pid>/mounts. */
export const mountLines = (process: Process): string =>
  process.mounts
    .list()
    .map(({ source, path, type, isReadOnly, options }) => {
      const flags = `${isReadOnly ? "ro" : "rw"}${options === "" ? "" : `,${options}`}`;
      return `${escape(source)} ${escape(path)} ${type} ${flags} 0 0\n`;
    })
    .join("");

/** /proc/<pid>/mountinfo. */
export const mountInfoLines = (process: Process): string =>
  process.mounts
    .list()
    .map(({ source, path, type, isReadOnly, options }, index) => {
      const access = isReadOnly ? "ro" : "rw";
      const flags = `${access}${options === "" ? "" : `,${options}`}`;
      const id = String(600 + index);
      return `${id} 599 0:${String(40 + index)} / ${escape(path)} ${flags} - ${type} ${escape(source)} ${access}\n`;
    })
    .join("");

const escape = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (character) => `\\${octal(character)}`);
const octal = (character: string): string => character.charCodeAt(0).toString(8).padStart(3, "0");
