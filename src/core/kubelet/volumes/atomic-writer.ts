import { formatTime } from "../../api/index.js";
import type { FileContent, NodeFiles } from "../../vfs/index.js";
import { decodeBase64 } from "../base64.js";

export interface ProjectedFile {
  /** Relative to the volume. */
  readonly path: string;
  /** As the API object has it, so that it is held once however many pods mount it. */
  readonly content: string | { read(): string };
  /** Secrets and binaryData are kept as they came. */
  readonly encoding: "utf8" | "base64";
  readonly mode: number;
  /** Whose it is; left out: root's. */
  readonly uid?: number;
}

/** Whether two payloads make the same files. */
export function isSamePayload(
  left: readonly ProjectedFile[],
  right: readonly ProjectedFile[],
): boolean {
  return (
    left.length === right.length &&
    right.every(({ path, content, encoding, mode, uid }, index) => {
      const other = left[index];
      return (
        path === other?.path &&
        content === other.content &&
        encoding === other.encoding &&
        mode === other.mode &&
        uid === other.uid
      );
    })
  );
}

const contentOf = ({ content, encoding }: ProjectedFile): FileContent =>
  encoding === "base64" && typeof content === "string" ? decodeBase64(content) : content;

const bytesOf = (file: ProjectedFile): Uint8Array => {
  const content = contentOf(file);
  if (content instanceof Uint8Array) return content;
  return new TextEncoder().encode(typeof content === "string" ? content : content.read());
};

const DATA = "..data";

/**
 * Replaces the content of a volume all at once: a new directory with a time for a name, `..data` turned to it, and links from the visible
 * names (VOL-4). pkg/volume/util/atomic_writer.go, 1.34.
 */
export function writeAtomically(
  files: NodeFiles,
  volumePath: string,
  payload: readonly ProjectedFile[],
  nowMs: number,
): void {
  if (!files.exists(volumePath)) files.makeDirectory(volumePath, { mode: 0o777 });
  const before = files.readLink(`${volumePath}/${DATA}`);
  if (before !== null && isUnchanged(files, `${volumePath}/${before}`, payload)) return;
  const stamp = nextStamp(nowMs, before);
  const directory = `${volumePath}/${stamp}`;
  try {
    files.makeDirectory(directory, { mode: 0o755 });
    for (const file of payload) {
      files.writeFile(`${directory}/${file.path}`, contentOf(file), {
        mode: file.mode,
        ...(file.uid === undefined ? {} : { uid: file.uid }),
      });
    }
    // The first time there is nothing to replace.
    files.symlink(stamp, `${volumePath}/${before === null ? DATA : "..data_tmp"}`);
  } catch (error) {
    // Each try has a directory of its own, so what is left of this one would stay for good.
    files.remove(directory);
    throw error;
  }
  if (before !== null) files.rename(`${volumePath}/..data_tmp`, `${volumePath}/${DATA}`);
  const names = new Set(payload.map(({ path }) => path.split("/")[0] ?? path));
  linkNames(files, volumePath, names);
  if (before !== null) files.remove(`${volumePath}/${before}`);
}

function linkNames(files: NodeFiles, volumePath: string, names: ReadonlySet<string>): void {
  const present = new Set(files.list(volumePath));
  for (const name of names) {
    const link = `${volumePath}/${name}`;
    const isLinked = present.has(name) && files.readLink(link) !== null;
    if (!isLinked) files.symlink(`${DATA}/${name}`, link);
  }
  for (const name of present) {
    if (!name.startsWith("..") && !names.has(name)) files.remove(`${volumePath}/${name}`);
  }
}

function isUnchanged(
  files: NodeFiles,
  directory: string,
  payload: readonly ProjectedFile[],
): boolean {
  const paths = new Set(payload.map(({ path }) => path));
  if (listFiles(files, directory, "").some((path) => !paths.has(path))) return false;
  return payload.every((file) => {
    const now = files.readFile(`${directory}/${file.path}`);
    const wanted = bytesOf(file);
    return (
      now !== null && now.length === wanted.length && now.every((byte, i) => byte === wanted[i])
    );
  });
}

function listFiles(files: NodeFiles, directory: string, prefix: string): string[] {
  return files.list(directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    return files.typeOf(path) === "directory"
      ? listFiles(files, path, `${prefix}${name}/`)
      : [`${prefix}${name}`];
  });
}

/** `..2006_01_02_15_04_05.<number>`; counts on when two writes fall into one millisecond. */
function nextStamp(nowMs: number, before: string | null): string {
  const time = formatStamp(nowMs);
  const [, last] = before?.split(".").slice(-2) ?? [];
  const isSame = before !== null && before.startsWith(`..${time}.`);
  const number = isSame ? Number(last ?? "0") + 1 : nowMs % 1000;
  return `..${time}.${String(number)}`;
}

function formatStamp(nowMs: number): string {
  return formatTime(nowMs).slice(0, 19).replace(/[-T:]/g, "_");
}
