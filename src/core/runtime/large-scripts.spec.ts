import { describe, expect, it } from "vitest";
import { MAX_COMMAND_MARKS, SCRIPT_PIECE_CHARACTERS } from "../shell/limits.js";
import { TestMachine, withMemoryLimit } from "./testing/test-machine.js";

const LINE = "1234567890123456789012345678901234567890123456789";
const LARGE = 50_000_000;
const limited = withMemoryLimit(64 * 2 ** 20);
const body = (bytes: number): string => `yes ${LINE} | head -c ${String(bytes)}`;

describe("a large here-document", () => {
  it.each([
    ["50 MB of a file", LARGE, "'cat <<E | wc -c'", "> /s; sh /s"],
    ["50 MB that come in by a pipe", LARGE, "'cat <<E | wc -c'", "| sh"],
    ["one that is not expanded", 2_000_000, `"cat <<'E' | wc -c"`, "| sh"],
    ["one without tabs", 2_000_000, "'cat <<-E | wc -c'", "> /s; sh /s"],
  ])(
    "%s: it is written whole",
    (_name, bytes, first, run) => {
      const script = `{ echo ${first}; ${body(bytes)}; echo E; echo echo over; } ${run}`;
      expect(new TestMachine().sh(script, {}, 600).lines).toEqual([
        `stdout ${String(bytes)}`,
        "stdout over",
      ]);
    },
    60_000,
  );

  it.each([
    [
      "unquoted, it takes twice its size",
      `{ echo 'cat <<E'; ${body(LARGE)}; echo E; } > /s; sh /s`,
      137,
    ],
    ["quoted, it fits", `{ echo "cat <<'E'"; ${body(LARGE)}; echo E; } > /s; sh /s > /dev/null`, 0],
  ])(
    "in a container of 64 MiB: %s",
    (_name, script, exitCode) => {
      expect(new TestMachine().sh(script, limited, 600).status.exitCode).toBe(exitCode);
    },
    60_000,
  );
});

/** Commands that fill more than one piece, and then some. */
const padding = "true # nothing to do\n".repeat(Math.ceil(SCRIPT_PIECE_CHARACTERS / 20));

describe("scripts that are read in pieces", () => {
  it.each<[string, string, readonly string[]]>([
    ["lines count on", `${padding}echo $LINENO`, [`stdout ${String(padding.split("\n").length)}`]],
    [
      "what comes before a syntax error has run",
      `echo first\n${padding}fi`,
      [
        "stdout first",
        `stderr sh: line ${String(padding.split("\n").length + 1)}: syntax error: unexpected "fi"`,
      ],
    ],
    ["a command that goes on", `f() {\n${padding}echo in $1\n}\n${padding}f it`, ["stdout in it"]],
    [
      "a here-document across pieces",
      `cat <<E | tail -n 1\n${padding}last $((1<<2))\nE\necho "a << b"`,
      ["stdout last 4", "stdout a << b"],
    ],
    [
      "two of them, the second one large",
      `cat <<A - <<B | wc -l\nx\nA\n${padding}B\necho $?`,
      [`stdout ${String(padding.split("\n").length - 1)}`, "stdout 0"],
    ],
    [
      "a quote that goes on",
      `x='\n${padding}'\necho \${#x}`,
      [`stdout ${String(padding.length + 1)}`],
    ],
    ["a line that goes on", `${padding}echo a \\\n${" ".repeat(9000)}b`, ["stdout a b"]],
    [
      "what looks like a here-document in a comment",
      `# <<E\n${padding}echo E\nE 2>/dev/null\necho x`,
      ["stdout E", "stdout x"],
    ],
    [
      "a here-document without an end",
      `cat <<E | wc -l\n${padding}echo x`,
      [`stdout ${String(padding.split("\n").length)}`],
    ],
    ["exit", `exit 3\n${padding}echo no`, []],
  ])("%s", (_name, script, lines) => {
    for (const run of [`cat > /s <<'THE_END'\n${script}\nTHE_END\nsh /s`, script]) {
      const machine = new TestMachine();
      const seen = machine.sh(run).lines;
      const names = seen.map((line) => line.replace("stderr /s:", "stderr sh:"));
      // A command has no lines for ash to tell of, and no newline at its end.
      if (run === script && /LINENO|^fi$|^cat <<E \| wc -l$/m.test(script)) continue;
      expect(names).toEqual(lines);
    }
  });

  it("piped in, they are read no further than needed", () => {
    const script = `${padding}read x\nwhat is read\necho $x`;
    const lines = new TestMachine().sh(`cat <<'THE_END' | sh\n${script}\nTHE_END`).lines;
    expect(lines).toEqual(["stdout what is read"]);
  });

  it("one command that is too large is more than the shell has room for", () => {
    const large = `{ ${":;".repeat(MAX_COMMAND_MARKS)} }`;
    const lines = new TestMachine().sh(
      `cat > /s <<'E'\necho first\n${padding}${large}\nE\nsh /s`,
    ).lines;
    expect(lines[0]).toBe("stdout first");
    expect(lines[1]).toMatch(/^stderr \/s: line \d+: out of memory$/);
  });
});
