import { describe, expect, it } from "vitest";
import { CriError, type ExecOptions, type ExecSession } from "./cri.js";
import { EXEC_WINDOW_BYTES } from "./limits.js";
import { bytesOf, TestMachine, textOf } from "./testing/test-machine.js";

/** A session whose listener remembers everything; `acknowledges` lets the command go on writing. */
const open = (
  machine: TestMachine,
  container: string,
  script: string,
  options: Partial<ExecOptions> = {},
  acknowledges = true,
) => {
  const seen = { stdout: "", stderr: "", inputBytes: 0, exitCode: null as number | null };
  const session: ExecSession = machine.runtime.exec(
    container,
    {
      command: ["sh", "-c", script],
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
      ...options,
    },
    {
      wrote: (stream, bytes) => {
        seen[stream] += textOf(bytes);
        if (acknowledges) machine.engine.soon(() => session.acknowledge(bytes.length));
      },
      tookInput: (bytes) => {
        seen.inputBytes += bytes;
      },
      ended: (exitCode) => {
        seen.exitCode = exitCode;
      },
    },
  );
  return { session, seen };
};

const aMachine = () => {
  const machine = new TestMachine();
  return { machine, container: machine.start({ command: ["sleep", "100000"] }) };
};

describe("exec sessions", () => {
  it.each([
    ["echo out; echo err >&2; exit 3", { stdout: "out\n", stderr: "err\n", exitCode: 3 }],
    ["kill -TERM $$", { stdout: "", stderr: "", exitCode: 143 }],
    ["cat", { stdout: "", stderr: "", exitCode: 0 }],
    ["test -t 0 || echo none; echo $TERM.", { stdout: "none\n.\n", stderr: "", exitCode: 0 }],
  ])("runs %s", (script, expected) => {
    const { machine, container } = aMachine();
    const { seen } = open(machine, container, script);
    machine.advance(1);
    expect(seen).toMatchObject(expected);
  });

  it("gives what is sent to the command, and its end", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "cat; echo end", { stdin: true });
    session.write(bytesOf("one\n"));
    machine.advance(1);
    expect(seen).toMatchObject({ stdout: "one\n", inputBytes: 4, exitCode: null });
    session.write(bytesOf("two"));
    session.endInput();
    machine.advance(1);
    expect(seen).toMatchObject({ stdout: "one\ntwoend\n", inputBytes: 7, exitCode: 0 });
  });

  it("takes input that nobody will read", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "exec <&-; sleep 5", { stdin: true });
    machine.advance(1);
    session.write(bytesOf("lost"));
    expect(seen.inputBytes).toBe(4);
  });

  it("writes no further than somebody reads", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "yes", {}, false);
    machine.advance(5);
    expect(seen.stdout.length).toBe(EXEC_WINDOW_BYTES);
    session.acknowledge(1000);
    machine.advance(5);
    expect(seen.stdout.length).toBe(EXEC_WINDOW_BYTES + 1000);
    expect(machine.runtime.containerStats(container)?.processes).toBe(2);
  });

  it("kills the command of a client that is gone, and says nothing more", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "trap '' TERM; exec sleep 100");
    machine.advance(2);
    session.abandon();
    machine.advance(2);
    expect(seen.exitCode).toBeNull();
    expect(machine.runtime.containerStats(container)?.processes).toBe(1);
  });

  it("lasts as long as its output is held open", () => {
    const { machine, container } = aMachine();
    const { seen } = open(machine, container, "(sleep 10; echo late) & echo now");
    machine.advance(5);
    expect(seen).toMatchObject({ stdout: "now\n", exitCode: null });
    machine.advance(6);
    expect(seen).toMatchObject({ stdout: "now\nlate\n", exitCode: 0 });
  });

  it("ends with its container", () => {
    const { machine, container } = aMachine();
    const { seen } = open(machine, container, "sleep 100");
    machine.advance(1);
    machine.call(machine.runtime.stopContainer(container, 1000));
    expect(seen.exitCode).toBe(137);
  });

  it("refuses a command that is not there in containerd's words", () => {
    const { machine, container } = aMachine();
    expect(() => open(machine, container, "", { command: ["foo"] })).toThrow(CriError);
    expect(() => open(machine, container, "", { command: ["foo"] })).toThrow(
      /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "foo": executable file not found in \$PATH: unknown$/,
    );
    machine.advance(1);
    expect(machine.runtime.containerStats(container)?.processes).toBe(1);
  });
});

describe("exec sessions on a terminal", () => {
  const terminal = { stdin: true, stderr: false, tty: true };

  it("echoes and gathers lines", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "read x; echo got $x; cat", terminal);
    session.write(bytesOf("hellp\x7fo\r"));
    machine.advance(1);
    expect(seen.stdout).toBe("hellp\b \bo\r\ngot hello\r\n");
    session.write(bytesOf("\x04"));
    machine.advance(1);
    expect(seen).toMatchObject({ exitCode: 0, inputBytes: 9 });
  });

  it("interrupts what runs in the foreground", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "sleep 100; echo $?", terminal);
    machine.advance(1);
    session.write(bytesOf("\x03"));
    machine.advance(1);
    expect(seen).toMatchObject({ stdout: "^C130\r\n", exitCode: 0 });
  });

  it("has a type and a size", () => {
    const { machine, container } = aMachine();
    const { session, seen } = open(machine, container, "tty; echo $TERM; stty size", terminal);
    session.resize({ columns: 132, rows: 50 });
    machine.advance(1);
    expect(seen.stdout).toBe("/dev/pts/0\r\nxterm\r\n50 132\r\n");
  });
});
