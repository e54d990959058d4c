import { describeFailure } from "../../errno-text.js";
import type { Blocking, IpcKind, IpcObject } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";
import { userName } from "../user-names.js";

interface Section {
  readonly kind: IpcKind;
  readonly title: string;
  readonly header: readonly string[];
  readonly widths: readonly number[];
  row(object: IpcObject): readonly string[];
}

/** util-linux sys-utils/ipcs.c, 2.38; busybox util-linux/ipcs.c has the same columns. */
const SECTIONS: Readonly<Record<IpcKind, Section>> = {
  msg: {
    kind: "msg",
    title: "Message Queues",
    header: ["key", "msqid", "owner", "perms", "used-bytes", "messages"],
    widths: [10, 10, 10, 10, 12, 12],
    row: () => ["0", "0"],
  },
  shm: {
    kind: "shm",
    title: "Shared Memory Segments",
    header: ["key", "shmid", "owner", "perms", "bytes", "nattch", "status"],
    widths: [10, 10, 10, 10, 10, 10, 12],
    row: ({ size }) => [String(size), "0", ""],
  },
  sem: {
    kind: "sem",
    title: "Semaphore Arrays",
    header: ["key", "semid", "owner", "perms", "nsems"],
    widths: [10, 10, 10, 10, 10],
    row: ({ size }) => [String(size)],
  },
};

const ORDER: readonly IpcKind[] = ["msg", "shm", "sem"];

export function* ipcs(command: Command): Blocking<number> {
  const options = parseOptions(command, "aqmslutpci:", {
    all: "a",
    queues: "q",
    shmems: "m",
    semaphores: "s",
    limits: "l",
  });
  command.output.add("\n");
  for (const kind of wantedKinds(options)) {
    const lines = options.has("l") ? LIMITS[kind] : sectionLines(command, SECTIONS[kind]);
    command.output.add(`${lines.join("\n")}\n\n`);
  }
  yield* command.output.flush();
  return 0;
}

function wantedKinds(options: Options): readonly IpcKind[] {
  const letters: Readonly<Record<IpcKind, string>> = { msg: "q", shm: "m", sem: "s" };
  const named = ORDER.filter((kind) => options.has(letters[kind]));
  return named.length === 0 || options.has("a") ? ORDER : named;
}

function sectionLines(command: Command, section: Section): readonly string[] {
  const { sys } = command;
  const inColumns = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd(section.widths[index] ?? 0)).join(" ");
  return [
    `------ ${section.title} --------`,
    inColumns(section.header),
    ...sys
      .ipcObjects(section.kind)
      .map((object) =>
        inColumns([
          hexadecimal(object.key),
          String(object.id),
          userName(sys, object.uid).slice(0, 10),
          object.mode.toString(8),
          ...section.row(object),
        ]),
      ),
  ];
}

const hexadecimal = (key: number): string => `0x${key.toString(16).padStart(8, "0")}`;

/** What Linux allows: `ipcs -l`. */
const LIMITS: Readonly<Record<IpcKind, readonly string[]>> = {
  msg: [
    "------ Messages Limits --------",
    "max queues system wide = 32000",
    "max size of message (bytes) = 8192",
    "default max size of queue (bytes) = 16384",
  ],
  shm: [
    "------ Shared Memory Limits --------",
    "max number of segments = 4096",
    "max seg size (kbytes) = 18014398509465599",
    "max total shared memory (kbytes) = 18014398442373116",
    "min seg size (bytes) = 1",
  ],
  sem: [
    "------ Semaphore Limits --------",
    "max number of arrays = 32000",
    "max semaphores per array = 32000",
    "max semaphores system wide = 1024000000",
    "max ops per semop call = 500",
    "semaphore max value = 32767",
  ],
};

/** util-linux sys-utils/ipcmk.c, 2.38. */
export function* ipcmk(command: Command): Blocking<number> {
  const options = parseOptions(command, "M:S:Qp:", {
    "shmem=": "M",
    "semaphore=": "S",
    queue: "Q",
    "mode=": "p",
  });
  const mode = parseInt(options.value("p") ?? "644", 8);
  const wanted: readonly [string, IpcKind, string][] = [
    ["M", "shm", "Shared memory id"],
    ["Q", "msg", "Message queue id"],
    ["S", "sem", "Semaphore id"],
  ];
  for (const [letter, kind, label] of wanted) {
    if (!options.has(letter)) continue;
    const size = kind === "msg" ? 0 : sizeOf(command, options.value(letter) ?? "");
    // A key of its own, as the original draws one.
    const key = 1 + Math.floor(command.sys.random() * 0xffff_fffe);
    const id = makeObject(command, kind, { key, size, mode });
    command.output.add(`${label}: ${String(id)}\n`);
  }
  yield* command.output.flush();
  return 0;
}

function makeObject(
  command: Command,
  kind: IpcKind,
  options: Pick<IpcObject, "key" | "size" | "mode">,
): number {
  const what = { shm: "share memory", msg: "message queue", sem: "semaphore" }[kind];
  try {
    return command.sys.makeIpcObject(kind, options);
  } catch (error) {
    throw command.failure(`create ${what} failed: ${describeFailure(error)}`);
  }
}

/** `1024`, `64K`, `1M`. */
function sizeOf(command: Command, text: string): number {
  const match = /^(\d{1,12})([KMG]?)/i.exec(text);
  if (match === null) throw command.failure(`failed to parse size: '${text}'`);
  const unit = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(match[2] ?? "").toUpperCase()] ?? 1;
  return Number(match[1]) * unit;
}

/** util-linux sys-utils/ipcrm.c, 2.38. */
export function* ipcrm(command: Command): Blocking<number> {
  const options = parseOptions(command, "m:M:s:S:q:Q:a", {
    "shmem-id=": "m",
    "shmem-key=": "M",
    "semaphore-id=": "s",
    "semaphore-key=": "S",
    "queue-id=": "q",
    "queue-key=": "Q",
    all: "a",
  });
  const letters: readonly [string, string, IpcKind][] = [
    ["m", "M", "shm"],
    ["s", "S", "sem"],
    ["q", "Q", "msg"],
  ];
  for (const [byId, byKey, kind] of letters) {
    const all = options.has("a") ? command.sys.ipcObjects(kind).map(({ id }) => String(id)) : [];
    for (const text of [...all, ...options.all(byId)]) {
      yield* removeOne(command, kind, Number(text), `id (${text})`);
    }
    for (const text of options.all(byKey)) {
      const key = Number(text);
      const found = command.sys.ipcObjects(kind).find((object) => object.key === key);
      yield* removeOne(command, kind, found?.id ?? -1, `key (${text})`);
    }
  }
  return command.status;
}

function* removeOne(command: Command, kind: IpcKind, id: number, what: string): Blocking<void> {
  yield* command.pace();
  try {
    command.sys.removeIpcObject(kind, id);
  } catch (error) {
    const isMissing = describeFailure(error) === "Invalid argument";
    yield* command.fail(`${isMissing ? "invalid" : "permission denied for"} ${what}`);
  }
}
