import { describe, expect, it } from "vitest";
import { LOG_FILE_BYTES, LOG_LINE_BYTES } from "./limits.js";
import { LogBuffer, type LogEntry } from "./log-buffer.js";
import { readEntries } from "./log-read.js";
import { bytesOf, TestMachine } from "./testing/test-machine.js";

const buffer = (limitBytes = Infinity) => {
  const entries: LogEntry[] = [];
  const quota = { heldBytes: 0, limitBytes };
  const log = new LogBuffer(quota, {
    logEntry: (entry) => {
      entries.push(entry);
    },
  });
  return { log, quota, entries };
};

describe("LogBuffer", () => {
  it("makes lines of whatever pieces come, streams apart", () => {
    const { log } = buffer();
    log.write("stdout", bytesOf("one\ntw"), 1);
    log.write("stderr", bytesOf("err\n"), 2);
    log.write("stdout", bytesOf("o\nlast ü"), 3);
    expect(log.entries.map(({ stream, text }) => `${stream} ${text}`)).toEqual([
      "stdout one",
      "stderr err",
      "stdout two",
    ]);
    log.finish(4);
    expect(readEntries(log, {})).toBe("one\nerr\ntwo\nlast ü");
    expect(readEntries(log, { stream: "Stderr" })).toBe("err\n");
  });

  it("cuts long lines as containerd does, and joins them again to read", () => {
    const { log } = buffer();
    const long = "x".repeat(LOG_LINE_BYTES * 2 + 5);
    log.write("stdout", bytesOf(`${long}\nshort\n`), 1);
    expect(log.entries.map(({ isPartial }) => isPartial)).toEqual([true, true, false, false]);
    expect(readEntries(log, {})).toBe(`${long}\nshort\n`);
  });

  it.each([
    [{ tailLines: 2 }, "three\nfour\n"],
    [{ tailLines: 0 }, ""],
    [{ sinceMs: 3000 }, "three\nfour\n"],
    [{ sinceMs: 2000, tailLines: 1 }, "four\n"],
    [{ limitBytes: 6 }, "one\ntw"],
    [{ timestamps: true, tailLines: 1 }, "1970-01-01T00:00:04.000000000Z four\n"],
  ])("reads %j", (options, text) => {
    const { log } = buffer();
    for (const [index, word] of ["one", "two", "three", "four"].entries())
      log.write("stdout", bytesOf(`${word}\n`), (index + 1) * 1000);
    expect(readEntries(log, options)).toBe(text);
  });

  it("drops the oldest when the logs of the node hold too much, and gives all back", () => {
    const { log, quota } = buffer(100_000);
    for (let i = 0; i < 5000; i += 1) log.write("stdout", bytesOf(`line ${String(i)}\n`), i);
    expect(quota.heldBytes).toBeLessThanOrEqual(100_000);
    expect(readEntries(log, { tailLines: 1 })).toBe("line 4999\n");
    expect(log.entries.length).toBeLessThan(1000);
    log.discard();
    expect(quota.heldBytes).toBe(0);
  });

  it("rotates as the kubelet does: only the current file can be read", () => {
    const { log } = buffer();
    const line = bytesOf(`${"y".repeat(10_000)}\n`);
    for (let bytes = 0; bytes < LOG_FILE_BYTES; bytes += line.length)
      log.write("stdout", line, 1000);
    log.write("stdout", bytesOf("still there\n"), 2000);
    const before = log.entries.length;
    log.write("stdout", bytesOf("rotated\n"), 20_000);
    expect(before).toBeGreaterThan(900);
    expect(log.entries).toHaveLength(1);
    expect(log.diskBytes).toBeGreaterThan(LOG_FILE_BYTES);
  });
});

describe("container logs", () => {
  it("are kept with virtual times until the container is removed", () => {
    const machine = new TestMachine();
    const { id, status } = machine.sh("echo a; sleep 2; echo b >&2; printf c");
    const started = (status.startedAtMs ?? 0) / 1000;
    const text = machine.runtime.readLog(id, { timestamps: true }).text;
    const [first = "", second = "", third = ""] = text.split("\n");
    expect(first).toBe(`1970-01-01T00:00:00.${String(started * 1000).padStart(3, "0")}000000Z a`);
    expect([second.slice(-2), third.slice(-2)]).toEqual([" b", " c"]);
    expect(machine.runtime.readLog(id, {})).toEqual({ text: "a\nb\nc", ended: true });
    expect(machine.lines).toEqual(["stdout a", "stderr b", "stdout c"]);
    machine.runtime.removeContainer(id);
    expect(() => machine.runtime.readLog(id, {})).toThrow("not found");
  });

  it("a flood of lines is kept within bounds and streamed at a bounded pace", () => {
    const machine = new TestMachine();
    const id = machine.start({ command: ["sh", "-c", "yes spam"] });
    machine.advance(60);
    const before = machine.lines.length;
    machine.advance(60);
    expect(machine.lines.length - before).toBeGreaterThan(1000);
    expect(machine.lines.length - before).toBeLessThan(60 * 5000);
    expect(machine.runtime.readLog(id, { tailLines: 1 }).text).toBe("spam\n");
  });
});
