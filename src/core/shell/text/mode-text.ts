import type { FileType } from "../syscall.js";

/** `644`, `u+rwx,g-w`, `a=rX`; null when it is no mode. `umask` holds back what is not said for whom (`+x`). */
export function parseMode(
  text: string,
  current: number,
  isDirectory: boolean,
  umask: number,
): number | null {
  if (/^[0-7]{1,5}$/.test(text)) return parseInt(text, 8) & 0o7777;
  let mode = current;
  for (const clause of text.split(",")) {
    const changed = applyClause(clause, mode, isDirectory, umask);
    if (changed === null) return null;
    mode = changed;
  }
  return mode;
}

function applyClause(
  clause: string,
  current: number,
  isDirectory: boolean,
  umask: number,
): number | null {
  const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
  if (match === null) return null;
  const [, who = "", actions = ""] = match;
  let mode = current;
  for (const [, operator = "", letters = ""] of actions.matchAll(/([-+=])([ugorwxXst]*)/g)) {
    mode = applyAction(mode, who, operator, letters, isDirectory, umask);
  }
  return mode;
}

function applyAction(
  mode: number,
  who: string,
  operator: string,
  letters: string,
  isDirectory: boolean,
  umask: number,
): number {
  const targets = who === "" || who.includes("a") ? "ugo" : who;
  const permissions = permissionBits(mode, letters, isDirectory);
  let mask = 0;
  let bits = 0;
  for (const target of targets) {
    const shift = target === "u" ? 6 : target === "g" ? 3 : 0;
    mask |= 0o7 << shift;
    bits |= permissions << shift;
  }
  if (who === "") bits &= ~umask;
  if (letters.includes("s")) {
    bits |= (targets.includes("u") ? 0o4000 : 0) | (targets.includes("g") ? 0o2000 : 0);
  }
  // The sticky bit is nobody's in particular (libbb/parse_mode.c).
  if (letters.includes("t") && (who === "" || who.includes("a"))) bits |= 0o1000;
  switch (operator) {
    case "+":
      return mode | bits;
    case "-":
      return mode & ~bits;
    default:
      return (mode & ~mask) | bits;
  }
}

function permissionBits(mode: number, letters: string, isDirectory: boolean): number {
  let bits = 0;
  for (const letter of letters) {
    switch (letter) {
      case "r":
        bits |= 4;
        break;
      case "w":
        bits |= 2;
        break;
      case "x":
        bits |= 1;
        break;
      case "X":
        if (isDirectory || (mode & 0o111) !== 0) bits |= 1;
        break;
      case "u":
        bits |= (mode >> 6) & 7;
        break;
      case "g":
        bits |= (mode >> 3) & 7;
        break;
      case "o":
        bits |= mode & 7;
        break;
      default:
    }
  }
  return bits;
}

const TYPE_LETTERS: Readonly<Record<FileType, string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  fifo: "p",
  socket: "s",
  character: "c",
  block: "b",
};

/** `-rwxr-xr-x` */
export function modeText(type: FileType, mode: number): string {
  const triple = (bits: number, special: boolean, letter: string): string => {
    const execute = (bits & 1) !== 0;
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? "x" : "-";
    return ((bits & 4) !== 0 ? "r" : "-") + ((bits & 2) !== 0 ? "w" : "-") + last;
  };
  return (
    TYPE_LETTERS[type] +
    triple((mode >> 6) & 7, (mode & 0o4000) !== 0, "s") +
    triple((mode >> 3) & 7, (mode & 0o2000) !== 0, "s") +
    triple(mode & 7, (mode & 0o1000) !== 0, "t")
  );
}
