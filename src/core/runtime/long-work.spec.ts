import { describe, expect, it } from "vitest";
import { TestMachine } from "./testing/test-machine.js";

const BIG = `big() { head -c $1 /dev/zero | tr '\\0' "$2"; }`;
const SHELLS = {
  ash: { image: "busybox", shell: "sh" },
  dash: { image: "debian", shell: "sh" },
  bash: { image: "bash", shell: "bash" },
} as const;

type ShellName = keyof typeof SHELLS;

/** How many pieces the engine runs until a script has ended. */
const piecesOf = (name: ShellName, script: string): number => {
  const { image, shell } = SHELLS[name];
  const machine = new TestMachine();
  const id = machine.start({ image, command: [shell, "-c", `${BIG}; ${script}`] });
  let pieces = 0;
  while (machine.engine.step(machine.nowMs + 600_000)) pieces += 1;
  expect(machine.status(id).exitCode).toBe(0);
  return pieces;
};

/** What is made ready, what then works on it, and how many pieces that takes at least; all in one it would hold up everybody else. */
const LONG_WORK: readonly (readonly [
  name: string,
  shell: ShellName,
  prepare: string,
  operate: string,
  leastPieces: number,
])[] = [
  ["echo -e", "ash", "x=$(big 2000000 '\\\\')", 'echo -e "$x" > /dev/null', 10],
  ["echo", "dash", "x=$(big 2000000 '\\\\')", 'echo "$x" > /dev/null', 10],
  ["printf %q", "bash", "x=$(big 2000000 ';')", 'printf %q "$x" > /dev/null', 5],
  ["a glob of brackets", "ash", "x=$(big 200000 '[')]", ": $x", 20],
  ["a glob of stars", "ash", "x=$(big 2000000 '*')", ": $x", 30],
  ["${x%…}", "ash", "x=$(big 2000000 a)", "y=${x%[b]*}", 5],
  ["${x##…}", "ash", "x=$(big 2000000 a)", "y=${x##*[b]}", 5],
  ["${x#…} by a long pattern", "ash", "x=$(big 1000000 a)", "y=${x#$x?}", 5],
  ["${x//…} that finds nothing", "ash", "x=$(big 2000000 a)", "y=${x//[b]*c/x}", 20],
  ["${x^^}", "bash", "x=$(big 2000000 a)", "y=${x^^}", 5],
  ["${x@Q}", "bash", 'x=$(big 2000000 "\'")', "y=${x@Q}", 5],
  ["$() with NULs", "ash", ":", "x=$(head -c 2000000 /dev/zero)", 30],
  ["case", "ash", "x=$(big 1000000 a)", "case $x in *[b]*) ;; $x?) ;; esac", 10],
  ["[[ == ]]", "bash", "x=$(big 1000000 a)", "[[ $x == *[b]* ]] || :", 3],
  ["cut -c", "ash", "big 2000000 a > /f; l=$(seq -s, 1 2 20000)", "cut -c $l /f > /dev/null", 4],
  ["cut -f", "ash", "big 2000000 : > /f", "cut -d: -f2,5- /f > /dev/null", 12],
  ["rev", "ash", "big 2000000 a > /f", "rev /f > /dev/null", 10],
  ["fold", "ash", "big 2000000 a > /f", "fold -w 1000000 /f > /dev/null", 10],
  ["expand", "ash", "big 500000 '\\t' > /f", "expand /f > /dev/null", 15],
  ["unexpand", "ash", "big 2000000 ' ' > /f", "unexpand -a /f > /dev/null", 10],
  ["base64", "ash", "big 2000000 a > /f", "base64 /f > /dev/null", 10],
  ["awk's fields", "ash", "big 2000000 , > /f", "awk -F, '{ print NF }' /f > /dev/null", 20],
  ["awk's blanks", "ash", "yes | head -c 1000000 > /f", "awk -v RS=x '{ n = NF }' /f", 10],
  ["awk's split", "ash", "big 200000 , > /f", "awk '{ n = split($0, a, /,/) }' /f", 10],
  ["grep -f", "ash", "seq 1 2000 > /f; echo x > /g", "grep -c -F -f /f /g || :", 2],
  [
    "bc",
    "ash",
    "yes 1+ | head -c 500000 | tr -d '\\n' > /f; echo 1 >> /f",
    "bc < /f > /dev/null",
    5,
  ],
  ["an array that is made", "bash", "set -- $(seq 1 50000)", 'a=("$@")', 4],
  ["an array's elements", "bash", "a=($(seq 1 20000))", 'b=("${a[@]#1}")', 4],
  ["shuf", "ash", ":", "shuf -i 1-200000 > /dev/null", 5],
  ["base64 -d", "ash", "big 2000000 a > /f", "base64 -d /f > /dev/null", 10],
];

describe("long work is done in pieces", () => {
  it.each(LONG_WORK)("%s (%s)", (_name, shell, prepare, operate, leastPieces) => {
    const before = piecesOf(shell, prepare);
    expect(piecesOf(shell, `${prepare}; ${operate}`) - before).toBeGreaterThanOrEqual(leastPieces);
  });

  it.each([
    ["a pattern as long as the text", 'y=${x#"$x"}; echo ${#y}', "0"],
    ["a pattern with very many stars", "y=${x#${x//a/*a}b}; echo ${#y}", "100000"],
    ["an array that is appended to", "set -f; a=(${x//a/a }); a+=(b); echo ${#a[@]}", "100001"],
    [
      "a number of very many digits",
      'printf "%d\\n" "${x//a/1}" 2>&1 | tail -n 1',
      "9223372036854775807",
    ],
  ])("%s", (_name, script, line) => {
    const command = ["bash", "-c", `${BIG}; x=$(big 100000 a); ${script}`];
    const machine = new TestMachine();
    machine.start({ image: "bash", command });
    machine.advance(60);
    expect(machine.lines).toEqual([`stdout ${line}`]);
  });

  it.each([
    ["shuf -i 1-100000000000", 137, []],
    ["echo a | split -a 1000000000", 1, ["stderr split: suffix too long"]],
    ["echo a | awk '{ NF = 1000000000 }'", 1, ["stderr awk: cmd. line:1: out of memory"]],
    ["echo a | awk '{ $1000000000 = 1 }'", 1, ["stderr awk: cmd. line:1: out of memory"]],
    ["awk 'BEGIN { print lshift(1, 1000000001), and(1, log(-1)) }'", 0, null],
    ["echo a | nl -w 3000000 | wc -c", 0, ["stdout 3000003"]],
    ["echo a b | uniq -f 1000000000", 0, ["stdout a b"]],
    ["echo '9^9^9^9; 2^200000; x = 7; while (x) x = x * x' | bc > /dev/null 2>&1", 0, []],
    ["echo 'while (1) 1' | timeout 2 bc > /dev/null", 143, null],
    ["p=$(yes '[a-z]*' | head -c 100000 | tr -d '\\n'); echo b | grep -c \"$p\"", 0, ["stdout 1"]],
    ["p=$(yes '(a{1,50}|b)?' | head -c 60000 | tr -d '\\n'); echo b | grep -E \"$p\"", 2, null],
    ["CDPATH=$(big 1000000 :); cd /tmp/..; cd nowhere 2> /dev/null || echo no", 0, ["stdout no"]],
    ["PATH=$(big 1000000 :) ; nothing", 127, ["stderr sh: nothing: not found"]],
  ])("%s ends", (script, exitCode, lines) => {
    const { status, lines: seen } = new TestMachine().sh(`${BIG}; ${script}`);
    expect(status.exitCode).toBe(exitCode);
    if (lines !== null) expect(seen).toEqual(lines);
  });
});
