import { describe, expect, it } from "vitest";
import type { Sys, SysError } from "../../shell/index.js";
import { DESCRIPTORS_PER_PROCESS } from "../limits.js";
import { bytesOf, TestMachine, textOf } from "../testing/test-machine.js";

const CREATE = { read: true, write: true, create: true };

describe("descriptors", () => {
  it("the lowest free number, dup and dup2 share one offset, open does not", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const fd = sys.open("/tmp/f", CREATE);
      yield* sys.write(fd, bytesOf("0123456789"));
      const twin = sys.dup(fd);
      seen.push(fd, twin, sys.dup(fd, 9));
      sys.seek(fd, 3, "set");
      seen.push(textOf(yield* sys.read(twin, 2)), textOf(yield* sys.read(9, 2)));
      const other = sys.open("/tmp/f", { read: true });
      seen.push(other, textOf(yield* sys.read(other, 2)));
      sys.close(twin);
      seen.push(sys.dup(other), sys.seek(other, -1, "end"));
      return 0;
    });
    expect(seen).toEqual([3, 4, 9, "34", "56", 5, "01", 4, 9]);
  });

  it("append writes at the end, whatever the offset", () => {
    let text = "";
    new TestMachine().run(function* (sys) {
      const a = sys.open("/tmp/log", { ...CREATE, append: true });
      const b = sys.open("/tmp/log", { ...CREATE, append: true });
      for (const [fd, word] of [
        [a, "one "],
        [b, "two "],
        [a, "three"],
      ] as const)
        yield* sys.write(fd, bytesOf(word));
      sys.seek(a, 0, "set");
      text = textOf(yield* sys.read(a, 100));
      return 0;
    });
    expect(text).toBe("one two three");
  });

  it.each<[string, (sys: Sys) => unknown, string]>([
    [
      "a closed descriptor",
      (sys) => {
        sys.close(7);
      },
      "EBADF",
    ],
    ["seeking in a pipe", (sys) => sys.seek(sys.pipe()[0], 0, "set"), "ESPIPE"],
    [
      "seeking before the start",
      (sys) => sys.seek(sys.open("/tmp/f", CREATE), -1, "set"),
      "EINVAL",
    ],
    ["a directory as text", (sys) => sys.open("/tmp", { write: true }), "EISDIR"],
    [
      "too many",
      (sys) => {
        for (;;) sys.open("/dev/null", { read: true });
      },
      "EMFILE",
    ],
  ])("refuses %s", (_name, action, errno) => {
    let seen = "";
    new TestMachine().run(function* (sys) {
      try {
        action(sys);
      } catch (error) {
        seen = (error as SysError).errno;
      }
      return 0;
    });
    expect(seen).toBe(errno);
  });

  it("a child gets all of them, or those it is given, and closing its own closes nothing else", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const fd = sys.open("/tmp/f", CREATE);
      const pid = sys.fork("all", function* (own) {
        seen.push(own.isOpen(fd));
        own.close(fd);
        return 0;
      });
      yield* sys.wait(pid);
      const other = sys.fork(
        "some",
        function* (own) {
          seen.push([own.isOpen(0), own.isOpen(5), own.isOpen(fd)]);
          return 0;
        },
        { fds: new Map([[5, fd]]) },
      );
      yield* sys.wait(other);
      seen.push(sys.isOpen(fd));
      return 0;
    });
    expect(seen).toEqual([true, [false, true, false], true]);
  });

  it("holds as many as RLIMIT_NOFILE says", () => {
    let count = 0;
    new TestMachine().run(function* (sys) {
      try {
        for (;;) count = sys.open("/dev/null", { read: true }) + 1;
      } catch {
        return 0;
      }
    });
    expect(count).toBe(DESCRIPTORS_PER_PROCESS);
  });

  it.each([
    [
      "echo out; echo err >&2; echo more > /dev/stdout; echo worse > /dev/stderr",
      ["stdout out", "stderr err", "stdout more", "stderr worse"],
    ],
    ["echo from-fd > /proc/self/fd/1; echo one > /proc/1/fd/1", ["stdout from-fd", "stdout one"]],
    ["(echo child > /proc/1/fd/2) | cat", ["stderr child"]],
    [
      "cat /dev/null; head -c 3 /dev/zero | od -An -tx1; echo x > /dev/full",
      ["stdout  00 00 00", "stderr sh: write error: No space left on device"],
    ],
    [
      "test -t 1 || echo no terminal; ls -l /dev/stdin | sed 's/.*dev/dev/'",
      ["stdout no terminal", "stdout dev/stdin -> /proc/self/fd/0"],
    ],
  ])("outputs and devices: %s", (script, lines) => {
    expect(new TestMachine().sh(script).lines).toEqual(lines);
  });
});
