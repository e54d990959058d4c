import { describe, expect, it } from "vitest";
import { SysError, type ExitStatus, type Sys } from "../../shell/index.js";
import { PROCESSES_PER_CONTAINER } from "../limits.js";
import { TestMachine } from "../testing/test-machine.js";

const child = (sys: Sys, code: number, sleepMs = 0): number =>
  sys.fork("child", function* (own) {
    if (sleepMs > 0) yield* own.sleep(sleepMs);
    return code;
  });

const states = (sys: Sys): string[] =>
  sys.processes().map(({ pid, ppid, state }) => `${String(pid)}<${String(ppid)} ${state}`);

describe("processes", () => {
  it("numbers them from 1, with their parents", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const pid = sys.fork("first", function* (own) {
        seen.push([own.pid, own.ppid]);
        const inner = own.fork("second", function* (innermost) {
          seen.push([innermost.pid, innermost.ppid]);
          return 0;
        });
        yield* own.wait(inner);
        return 0;
      });
      yield* sys.wait(pid);
      seen.push([sys.pid, sys.ppid]);
      return 0;
    });
    expect(seen).toEqual([
      [2, 1],
      [3, 2],
      [1, 0],
    ]);
  });

  it("wait gives how a child ended, any child, or the one asked for", () => {
    const ends: [number, ExitStatus][] = [];
    new TestMachine().run(function* (sys) {
      const slow = child(sys, 7, 50);
      child(sys, 300);
      const killed = child(sys, 0, 1000);
      sys.kill(killed, "TERM");
      for (const pid of [killed, -1, slow]) {
        const ended = yield* sys.wait(pid);
        if (ended !== null) ends.push([ended.pid, ended.status]);
      }
      return 0;
    });
    expect(ends).toEqual([
      [4, { signal: "TERM", number: 15 }],
      [3, { code: 44 }],
      [2, { code: 7 }],
    ]);
  });

  it("wait refuses without children, and does not hang when asked not to", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      try {
        yield* sys.wait(-1);
      } catch (error) {
        seen.push((error as SysError).errno);
      }
      child(sys, 0, 10);
      seen.push(yield* sys.wait(-1, { noHang: true }));
      return 0;
    });
    expect(seen).toEqual(["ECHILD", null]);
  });

  it("a child that nobody waits for stays a zombie", () => {
    let seen: string[] = [];
    new TestMachine().run(function* (sys) {
      child(sys, 0);
      yield* sys.sleep(10);
      seen = states(sys);
      return 0;
    });
    expect(seen).toEqual(["1<0 R", "2<1 Z"]);
  });

  it("orphans become children of PID 1, which may wait for them", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const pid = sys.fork("parent", function* (own) {
        child(own, 9, 100);
        yield* own.sleep(1);
        return 0;
      });
      yield* sys.wait(pid);
      seen.push(states(sys));
      const ended = yield* sys.wait(-1);
      seen.push(ended);
      return 0;
    });
    expect(seen).toEqual([["1<0 R", "3<1 S"], { pid: 3, status: { code: 9 } }]);
  });

  it("nothing outlives PID 1", () => {
    const machine = new TestMachine();
    let woke = 0;
    const id = machine.run(function* (sys) {
      sys.fork("left", function* (own) {
        yield* own.sleep(5000);
        woke += 1;
        return 0;
      });
      yield* sys.sleep(1000);
      return 3;
    });
    expect(woke).toBe(0);
    expect(machine.status(id)).toMatchObject({
      exitCode: 3,
      finishedAtMs: machine.status(id).startedAtMs! + 1000,
    });
  });

  it("signals reach a group, a process, all but PID 1 and the sender", () => {
    const ends: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const leader = sys.fork("a", (own) => forever(own), { processGroup: 0 });
      sys.fork("b", (own) => forever(own), { processGroup: leader });
      const other = sys.fork("c", (own) => forever(own));
      sys.kill(-leader, "INT");
      for (let i = 0; i < 2; i += 1) ends.push((yield* sys.wait(-leader))?.status);
      sys.kill(other, 0);
      sys.kill(-1, "HUP");
      ends.push((yield* sys.wait(other))?.status);
      return 0;
    });
    expect(ends).toEqual([
      { signal: "INT", number: 2 },
      { signal: "INT", number: 2 },
      { signal: "HUP", number: 1 },
    ]);
  });

  it.each<[string, (sys: Sys) => void, string]>([
    [
      "a pid that is not there",
      (sys) => {
        sys.kill(4711, "TERM");
      },
      "ESRCH",
    ],
    [
      "a group that is not there",
      (sys) => {
        sys.kill(-4711, "TERM");
      },
      "ESRCH",
    ],
    [
      "a handler for KILL",
      (sys) => {
        sys.onSignal("KILL", "ignore");
      },
      "EINVAL",
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

  it("a handler runs when the process wakes and cuts its sleep short", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      sys.onSignal("USR1", () => seen.push(["handled", sys.nowMs()]));
      const { pid } = sys;
      sys.fork("sender", function* (own) {
        yield* own.sleep(300);
        own.kill(pid, "USR1");
        return 0;
      });
      const begun = sys.nowMs();
      const left = yield* sys.sleep(1000);
      seen.push([left, sys.nowMs() - begun]);
      return 0;
    });
    const [handled, slept] = seen as [[string, number], [number, number]];
    expect(handled[0]).toBe("handled");
    expect(slept).toEqual([700, 300]);
  });

  it("wait is cut short by a handled signal where it is asked to be", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      sys.onSignal("TERM", () => undefined);
      const { pid } = sys;
      child(sys, 0, 5000);
      sys.fork("sender", function* (own) {
        yield* own.sleep(10);
        own.kill(pid, "TERM");
        return 0;
      });
      try {
        yield* sys.wait(2, { interruptible: true });
      } catch (error) {
        seen.push((error as SysError).errno);
      }
      return 0;
    });
    expect(seen).toEqual(["EINTR"]);
  });

  it("ignored signals are ignored by children too; handlers are not inherited", () => {
    const ends: unknown[] = [];
    new TestMachine().run(function* (sys) {
      sys.onSignal("INT", "ignore");
      sys.onSignal("USR1", () => undefined);
      for (const signal of ["INT", "USR1"] as const) {
        const pid = child(sys, 5, 50);
        yield* sys.sleep(1);
        sys.kill(pid, signal);
        ends.push((yield* sys.wait(pid))?.status);
      }
      return 0;
    });
    expect(ends).toEqual([{ code: 5 }, { signal: "USR1", number: 10 }]);
  });

  it("STOP holds a process and CONT lets it go on", () => {
    const seen: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const pid = sys.fork("worker", function* (own) {
        for (let i = 0; i < 3; i += 1) {
          yield* own.sleep(100);
          seen.push(own.nowMs());
        }
        return 0;
      });
      const begun = sys.nowMs();
      yield* sys.sleep(150);
      sys.kill(pid, "STOP");
      seen.push(states(sys)[1]);
      yield* sys.sleep(1000);
      sys.kill(pid, "CONT");
      yield* sys.wait(pid);
      seen.push(sys.nowMs() - begun);
      return 0;
    });
    expect(seen[1]).toBe("2<1 T");
    expect(seen.at(-1)).toBe(1250);
  });

  it("a process that kills itself ends at its next wait", () => {
    const ends: unknown[] = [];
    new TestMachine().run(function* (sys) {
      const pid = sys.fork("self", function* (own) {
        own.kill(own.pid, "KILL");
        ends.push("not yet");
        yield* own.sleep(1);
        ends.push("never");
        return 0;
      });
      ends.push((yield* sys.wait(pid))?.status);
      return 0;
    });
    expect(ends).toEqual(["not yet", { signal: "KILL", number: 9 }]);
  });

  it("EAGAIN when a container has too many processes, zombies included", () => {
    let made = 0;
    let errno = "";
    new TestMachine().run(function* (sys) {
      try {
        for (;;) {
          child(sys, 0);
          made += 1;
          yield* sys.sleep(1);
        }
      } catch (error) {
        errno = (error as SysError).errno;
      }
      return 0;
    });
    expect([made, errno]).toEqual([PROCESSES_PER_CONTAINER - 1, "EAGAIN"]);
  });

  it("a fault of a program ends that process alone", () => {
    const machine = new TestMachine();
    expect(() =>
      machine.run(function* (sys) {
        yield* sys.sleep(1);
        throw new TypeError("a bug in a command");
      }),
    ).toThrow("a bug in a command");
    const [status] = machine.runtime.listContainers("u");
    expect(status).toMatchObject({ exitCode: 139, reason: "Error" });
  });

  it("a program that recurses too deep dies of a segmentation fault", () => {
    const machine = new TestMachine();
    const deeper = (depth: number): number => deeper(depth + 1) + 1;
    const id = machine.run(function* (sys) {
      yield* sys.sleep(1);
      return deeper(0);
    });
    expect(machine.status(id)).toMatchObject({ exitCode: 139 });
  });
});

function* forever(sys: Sys): ReturnType<Parameters<Sys["fork"]>[1]> {
  for (;;) yield* sys.pause();
}
