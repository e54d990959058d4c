import { bytesToString, concatenateBytes, stringToBytes } from "../../bytes.js";
import type { FileStat, FileType } from "../../syscall.js";

export const BLOCK = 512;
const NAME_BYTES = 100;

export interface TarEntry {
  readonly name: string;
  readonly stat: FileStat;
  readonly link: string;
  readonly userName: string;
  readonly groupName: string;
  readonly sizeBytes: number;
}

const TYPE_FLAGS: Readonly<Record<string, string>> = {
  file: "0",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};

/** The header blocks of an entry: ustar, with GNU's extra entry before it for a long name. */
export function formatHeader(entry: TarEntry): Uint8Array {
  if (entry.name.length < NAME_BYTES)
    return block(entry, entry.name, TYPE_FLAGS[entry.stat.type] ?? "0");
  const name = stringToBytes(`${entry.name}\0`);
  const padding = new Uint8Array((BLOCK - (name.length % BLOCK)) % BLOCK);
  const longName = block({ ...entry, sizeBytes: name.length, link: "" }, "././@LongLink", "L");
  const own = block(entry, entry.name.slice(0, NAME_BYTES), TYPE_FLAGS[entry.stat.type] ?? "0");
  return concatenateBytes([longName, name, padding, own]);
}

function block(entry: TarEntry, name: string, type: string): Uint8Array {
  const { stat } = entry;
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => {
    bytes.set(stringToBytes(text), at);
  };
  const octal = (value: number, width: number): string =>
    Math.max(0, value).toString(8).padStart(width, "0").slice(-width);
  put(name, 0);
  put(octal(stat.mode & 0o7777, 7), 100);
  put(octal(stat.uid, 7), 108);
  put(octal(stat.gid, 7), 116);
  put(octal(entry.sizeBytes, 11), 124);
  put(octal(Math.floor(stat.mtimeMs / 1000), 11), 136);
  put("        ", 148);
  put(type, 156);
  put(entry.link.slice(0, NAME_BYTES), 157);
  put("ustar  \0", 257);
  put(entry.userName.slice(0, 31), 265);
  put(entry.groupName.slice(0, 31), 297);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  put(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

const FILE_TYPES: Readonly<Record<string, FileType>> = {
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo",
};

/** Null when it is none: the sum of its bytes tells. */
export function parseHeader(bytes: Uint8Array): {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly type: string;
  readonly fileType: FileType;
  readonly link: string;
  readonly userName: string;
  readonly groupName: string;
} | null {
  const text = (at: number, length: number): string =>
    bytesToString(bytes.subarray(at, at + length)).replace(/\0.*$/s, "");
  const number = (at: number, length: number): number =>
    parseInt(text(at, length).trim() || "0", 8);
  let sum = 0;
  for (const [index, byte] of bytes.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  if (sum !== number(148, 8)) return null;
  const type = text(156, 1);
  const prefix = text(257, 6) === "ustar" && text(263, 2) === "00" ? text(345, 155) : "";
  const name = prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  return {
    name,
    mode: number(100, 8) & 0o7777,
    uid: number(108, 8),
    gid: number(116, 8),
    sizeBytes: number(124, 12),
    mtimeMs: number(136, 12) * 1000,
    type,
    fileType: FILE_TYPES[type] ?? (name.endsWith("/") ? "directory" : "file"),
    link: text(157, 100),
    userName: text(265, 32),
    groupName: text(297, 32),
  };
}
