import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SysError } from "../../shell/index.js";
import { PIPE_BYTES } from "../limits.js";
import { bytesOf, TestMachine, textOf } from "../testing/test-machine.js";
import { Pipe } from "./pipe.js";

describe("Pipe", () => {
  it("gives back what went in, in order, within its bound", () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 1, max: 40_000 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 40_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pipe = new Pipe();
        pipe.openReader();
        pipe.openWriter();
        let next = 0;
        let expected = 0;
        let held = 0;
        for (const action of steps) {
          if ("put" in action) {
            const bytes = Uint8Array.from({ length: action.put }, (_, at) => (next + at) % 251);
            const taken = pipe.put(bytes);
            next += taken;
            held += taken;
            expect(held).toBeLessThanOrEqual(PIPE_BYTES);
            if (action.put <= 4096) expect([0, action.put]).toContain(taken);
          } else {
            const bytes = pipe.take(action.take);
            for (const byte of bytes ?? []) expect(byte).toBe(expected++ % 251);
            held -= bytes?.length ?? 0;
          }
        }
        expect(next - expected).toBe(held);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("a writer waits while it is full and goes on as it is read", () => {
    const seen: string[] = [];
    new TestMachine().run(function* (sys) {
      const [reader, writer] = sys.pipe();
      const pid = sys.fork("writer", function* (own) {
        yield* own.write(writer, new Uint8Array(PIPE_BYTES + 1));
        seen.push("written");
        return 0;
      });
      sys.close(writer);
      yield* sys.sleep(10);
      seen.push("reading");
      let total = 0;
      for (;;) {
        const bytes = yield* sys.read(reader, 10_000);
        if (bytes.length === 0) break;
        total += bytes.length;
      }
      yield* sys.wait(pid);
      seen.push(String(total));
      return 0;
    });
    expect(seen).toEqual(["reading", "written", String(PIPE_BYTES + 1)]);
  });

  it("SIGPIPE ends a writer without readers; who ignores it gets EPIPE", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      for (const isIgnored of [false, true]) {
        const [reader, writer] = sys.pipe();
        const pid = sys.fork("writer", function* (own) {
          if (isIgnored) own.onSignal("PIPE", "ignore");
          own.close(reader);
          yield* own.sleep(10);
          try {
            yield* own.write(writer, bytesOf("x"));
          } catch (error) {
            seen.push((error as SysError).errno);
          }
          return 0;
        });
        sys.close(reader);
        seen.push((yield* sys.wait(pid))?.status);
      }
      return 0;
    });
    expect(seen).toEqual([{ signal: "PIPE", number: 13 }, "EPIPE", { code: 0 }]);
  });

  it("a writer that waits dies when the last reader goes", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const [reader, writer] = sys.pipe();
      const pid = sys.fork("writer", function* (own) {
        own.close(reader);
        for (;;) yield* own.write(writer, new Uint8Array(5000));
      });
      sys.close(writer);
      yield* sys.sleep(10);
      sys.close(reader);
      seen.push((yield* sys.wait(pid))?.status);
      return 0;
    });
    expect(seen).toEqual([{ signal: "PIPE", number: 13 }]);
  });

  it("a fifo holds its writer until somebody reads", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      sys.mkfifo("/tmp/fifo");
      sys.fork("writer", function* (own) {
        const fd = own.open("/tmp/fifo", { write: true });
        yield* own.write(fd, bytesOf("through"));
        seen.push(["written", own.nowMs()]);
        return 0;
      });
      yield* sys.sleep(500);
      const fd = sys.open("/tmp/fifo", { read: true });
      seen.push(textOf(yield* sys.read(fd, 100)), (yield* sys.read(fd, 100)).length);
      return 0;
    });
    const [written, text, end] = seen as [[string, number], string, number];
    expect(written[1]).toBeGreaterThanOrEqual(500);
    expect([text, end]).toEqual(["through", 0]);
  });

  it("tryWrite writes all or nothing", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const [reader, writer] = sys.pipe();
      seen.push(sys.tryWrite(writer, new Uint8Array(PIPE_BYTES - 10)));
      seen.push(sys.tryWrite(writer, new Uint8Array(20)));
      seen.push(sys.tryWrite(writer, new Uint8Array(10)));
      seen.push((yield* sys.read(reader, 2 * PIPE_BYTES)).length);
      return 0;
    });
    expect(seen).toEqual([true, false, true, PIPE_BYTES]);
  });
});
