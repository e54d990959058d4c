import { describe, expect, it } from "vitest";
import { HELD_MEMORY_IN_ALL, SUSTAINED_STEPS_PER_SECOND } from "./limits.js";
import { TestMachine, withMemoryLimit } from "./testing/test-machine.js";

const MIB = 2 ** 20;
const limited = withMemoryLimit(64 * MIB);

/** Real milliseconds that a minute of one hostile container may take: measured at a tenth of it on a slow machine. */
const REAL_MS = 15_000;

/** What each ends in, on Linux. Null: it goes on for ever, as does everything else. */
const HOSTILE: readonly (readonly [
  script: string,
  exitCode: number | null,
  reason: string,
  lastLine: string | null,
])[] = [
  ["while :; do :; done", null, "", null],
  ["bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done", 137, "OOMKilled", null],
  ["yes | cat > /dev/null", null, "", null],
  ["x=a; while :; do x=$x$x; done", 137, "OOMKilled", null],
  ["cat /dev/zero | sort", 137, "OOMKilled", null],
  [
    'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E "^(a+)+$" || echo none',
    0,
    "Completed",
    "stdout none",
  ],
  ["cat /dev/urandom > /dev/null", null, "", null],
  ["seq 1 100000000000 > /dev/null", null, "", null],
  ["while :; do echo spam; done", null, "", "stdout spam"],
  ["tail -f /dev/zero", 137, "OOMKilled", null],
  ["cat /dev/zero | awk '{ print }'", 137, "OOMKilled", null],
  ["yes | awk '{ s = s $0 }'", null, "", null],
  ["yes | grep -v y", null, "", null],
  ["while :; do sh -c true & done", 2, "Error", null],
  ["yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep '\\(a*\\)*\\1c'", null, "", null],
  [
    "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep '\\(a*\\)*\\1c' || echo none",
    0,
    "Completed",
    "stdout none",
  ],
  ["top -d 0 > /dev/null", null, "", null],
  ["tar c / | tar t > /dev/null", null, "", null],
  ["set -- $(seq 1 100000); while shift; do :; done; echo over", null, "", null],
  [
    "x=$(head -c 3000000 /dev/zero | tr '\\0' 2); y=${x##*1}; y=${x//2/33}; echo ${#y}",
    0,
    "Completed",
    "stdout 6000000",
  ],
  ["printf %50000000d 1 | wc -c", 0, "Completed", "stdout 50000000"],
  ["echo /*/*/*/*/../*/*/*/*/../*/*/*/* > /dev/null", null, "", null],
  ["seq 1 100000 > /a; tac /a > /b; diff /a /b > /dev/null; echo $?", 0, "Completed", "stdout 1"],
  [
    "x=$(head -c 14000000 /dev/zero | tr '\\0' a); y=${x//a/bb}; set -- ${y%b*}; echo ${#y} ${#1}",
    0,
    "Completed",
    "stdout 28000000 27999999",
  ],
  [
    "x=$(head -c 14000000 /dev/zero | tr '\\0' 1); echo $((x + 1)) || :",
    2,
    "Error",
    "stderr sh: out of memory",
  ],
  [
    "head -c 1000000 /dev/zero | tr '\\0' a | awk '{ n = gsub(/a|x/, \"[&]\"); print n, length($0) }'",
    0,
    "Completed",
    "stdout 1000000 3000000",
  ],
  [
    "head -c 1000000 /dev/zero | tr '\\0' a | sed -E 's/(a)(b)?/\\1x/g' | wc -c",
    0,
    "Completed",
    "stdout 2000000",
  ],
  [
    "yes a | head -200000 > /a; yes b | head -200000 > /b; diff /a /b | wc -l",
    0,
    "Completed",
    "stdout 400003",
  ],
  [
    "{ yes 'a|' | tr -d '\\n' | head -c 12000; echo true; } > /s; sh /s 2> /dev/null; echo over",
    0,
    "Completed",
    "stdout over",
  ],
  ["printf %1000000000d 1 > /dev/null; echo $?", 0, "Completed", "stdout 0"],
  ["printf 'a%01000000000d' -1 | head -c 3; echo", 0, "Completed", "stdout a-0"],
  ["printf '%-3000000sb%.2000000d' a 7 | wc -c", 0, "Completed", "stdout 5000001"],
  [
    "x=$(head -c 14000000 /dev/zero | tr '\\0' '\\\\'); printf %b \"$x\" | wc -c; printf \"$x\" | wc -c",
    0,
    "Completed",
    "stdout 7000000",
  ],
  ['eval_bomb=\'eval "$eval_bomb"\'; eval "$eval_bomb"; echo $?', 139, "Error", null],
  ["trap 'kill -USR1 $$' USR1; kill -USR1 $$; while :; do :; done", 139, "Error", null],
  [
    "ln -s /l /m; ln -s /m /l; cat /l",
    1,
    "Error",
    "stderr cat: can't open '/l': Too many levels of symbolic links",
  ],
  [
    "dd if=/dev/zero of=/f bs=1 count=1 seek=10000000000000 2> /dev/null; du -k /f | cut -f1",
    0,
    "Completed",
    "stdout 4",
  ],
  [
    "head -c 1000000 /dev/zero | tr '\\0' a | sed -E 's/(a|b)*(aa|ab)*$/x/' | wc -c",
    0,
    "Completed",
    "stdout 1",
  ],
  [
    "head -c 14000000 /dev/zero | tr '\\0' a | grep -cE '[ab]*a[ab]{20}c' || echo none",
    0,
    "Completed",
    "stdout none",
  ],
  [
    "head -c 1000000 /dev/zero | tr '\\0' a | awk '/[ab]*a[ab]{9}c/ { print 1 } { print match($0, /(a|b)*$/) }'",
    0,
    "Completed",
    "stdout 1",
  ],
  ["mkfifo /p; cat /p > /p", null, "", null],
  [
    "while mkdir d && cd d; do :; done 2> /dev/null; cd /; rm -r d; ls -d d",
    1,
    "Error",
    "stderr ls: d: No such file or directory",
  ],
  ["i=0; while [ $i -lt 5000 ]; do sleep 1000 & i=$((i+1)); done; wait", 137, "OOMKilled", null],
  ['[ "$(yes | head -c 500000)" -eq 1 ] 2> /dev/null; echo $?', 0, "Completed", "stdout 2"],
  ["find / -regex '\\(.*\\)*\\1x' 2> /dev/null; echo over", null, "", null],
  [
    "case $(head -c 20000 /dev/zero | tr '\\0' a) in *a*a*a*a*a*a*a*a*b) echo b ;; *) echo no ;; esac",
    0,
    "Completed",
    "stdout no",
  ],
  ["od /dev/urandom > /dev/null", null, "", null],
  ["read x < /dev/zero", null, "", null],
  ["cd /tmp; seq 1 20000 | xargs touch; ls -l | wc -l", 0, "Completed", "stdout 20001"],
  [
    "{ echo 'cat <<E'; yes 12345678901234567890123456789012345678901234567890 | head -c 50000000; echo E; } > /s; sh /s",
    137,
    "OOMKilled",
    null,
  ],
  ["find / > /dev/null; du -a /proc > /dev/null; echo over", 0, "Completed", "stdout over"],
];

/** Real milliseconds of one step of the engine: about ten times what the worst takes, for slow and busy machines. */
const STEP_REAL_MS = 500;

const runMeasured = (
  machine: TestMachine,
  script: string,
  seconds: number,
): { readonly id: string; readonly longestStepMs: number } => {
  const id = machine.start({ command: ["sh", "-c", script], ...limited });
  const untilMs = machine.nowMs + seconds * 1000;
  let longestStepMs = 0;
  for (let begun = performance.now(); machine.engine.step(untilMs); begun = performance.now())
    longestStepMs = Math.max(longestStepMs, performance.now() - begun);
  machine.advance(0);
  return { id, longestStepMs };
};

describe("hostile containers", () => {
  it.each(HOSTILE)("%s", (script, exitCode, reason, lastLine) => {
    const machine = new TestMachine();
    const innocent = machine.start({
      name: "innocent",
      command: ["sh", "-c", "while true; do date; sleep 1; done"],
    });
    const begun = performance.now();
    const { id, longestStepMs } = runMeasured(machine, script, 60);
    const status = machine.status(id);
    expect(performance.now() - begun).toBeLessThan(REAL_MS);
    expect(longestStepMs).toBeLessThan(STEP_REAL_MS);
    expect(status.exitCode).toBe(exitCode);
    expect(status.reason).toBe(reason);
    if (lastLine !== null)
      expect(machine.runtime.readLog(id, { tailLines: 1 }).text).toBe(`${lastLine.slice(7)}\n`);
    const ticks = machine.runtime.readLog(innocent, {}).text.split("\n").length;
    expect(ticks).toBeGreaterThan(55);
  });

  it("a recursion without end is a segmentation fault", () => {
    expect(new TestMachine().sh("f() { f; }; f", limited).status).toMatchObject({
      exitCode: 139,
      reason: "Error",
    });
  });

  it("a file that never ends meets the end of the disk", () => {
    const machine = new TestMachine({ capacity: { diskBytes: 10 * 1024 * MIB } });
    const { status, lines } = machine.sh(
      "cat /dev/zero > /f; ls -s /f | cut -d' ' -f1; rm /f; df -k / > /dev/null; echo x > /g && cat /g",
      {},
      36_000,
    );
    expect(lines[0]).toBe("stderr cat: write error: No space left on device");
    expect(Number(lines[1]?.slice(7))).toBeGreaterThan(10 * 1024 * 1024 * 0.99);
    expect(lines.at(-1)).toBe("stdout x");
    expect(status.exitCode).toBe(0);
  }, 60_000);

  it.each([
    ["yes > /f", "yes: No space left on device", 1],
    [
      "dd if=/dev/zero of=/f bs=1M count=1000000",
      "dd: error writing '/f': No space left on device",
      1,
    ],
  ])("%s meets the end of the disk, and nobody else does", (script, line, exitCode) => {
    const machine = new TestMachine({ capacity: { diskBytes: 1024 * MIB } });
    const { status, lines } = machine.sh(script, {}, 3600);
    expect(lines).toContain(`stderr ${line}`);
    expect(status.exitCode).toBe(exitCode);
    // The node itself still has room for what it keeps of its pods.
    const after = machine.sh("echo x > /x; echo fine", { workingDir: "/a/b" });
    expect(after.lines.at(-1)).toBe("stdout fine");
    expect(machine.status(machine.start({ image: "nginx" })).exitCode).not.toBe(139);
  });

  it("noise that cannot be compressed stops at the simulator's own bound, and goes away with the container", () => {
    const machine = new TestMachine();
    const { id, lines } = machine.sh("cat /dev/urandom > /f; sleep 1000", {}, 300);
    expect(lines).toEqual(["stderr cat: write error: No space left on device"]);
    expect(machine.runtime.containerStats(id)?.writableBytes).toBeGreaterThan(60 * MIB);
    machine.runtime.removeContainer(id);
    const again = machine.sh("head -c 1000000 /dev/urandom > /f && echo fits");
    expect(again.lines).toEqual(["stdout fits"]);
  });

  it("a fork bomb fills its container and no other", () => {
    const machine = new TestMachine();
    const id = machine.start({
      command: ["sh", "-c", "bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done"],
    });
    machine.advance(20);
    expect(machine.runtime.containerStats(id)?.processes).toBeLessThanOrEqual(1024);
    const other = machine.sh("echo fine");
    expect(machine.runtime.readLog(other.id, {}).text).toBe("fine\n");
    machine.call(machine.runtime.stopContainer(id, 0));
    expect(machine.runtime.containerStats(id)).toBeNull();
  });

  it("twenty at once leave bounded work for each virtual second", () => {
    const machine = new TestMachine();
    for (let i = 0; i < 20; i += 1) machine.start({ command: ["sh", "-c", "while :; do :; done"] });
    machine.advance(30);
    const begun = performance.now();
    machine.advance(30);
    const msPerSecond = (performance.now() - begun) / 30;
    expect(msPerSecond).toBeLessThan(500);
    expect(SUSTAINED_STEPS_PER_SECOND).toBeGreaterThan(0);
  });

  it("a machine without memory left kills the worst container, not another", () => {
    const machine = new TestMachine({ capacity: { memoryBytes: 1024 * MIB } });
    const small = machine.start({ command: ["sleep", "1000"] });
    const large = machine.start({
      image: "polinux/stress",
      command: ["stress", "--vm", "2", "--vm-bytes", "700M", "--vm-hang", "0"],
    });
    machine.advance(5);
    expect(machine.status(large)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
    expect(machine.status(small).state).toBe("running");
  });
});

describe("what the simulator holds for all programs together", () => {
  it("is bounded: the container that it holds most for is out of memory", () => {
    const machine = new TestMachine();
    const hold = (bytes: number): string =>
      machine.start(
        machine.program(`hold-${String(bytes)}`, function* (sys) {
          sys.allocate(bytes);
          yield* sys.sleep(1_000_000);
          return 0;
        }),
      );
    const small = hold(1000);
    const many = Math.floor(HELD_MEMORY_IN_ALL / 60_000_000);
    const ids = Array.from({ length: many + 2 }, () => hold(60_000_000));
    machine.advance(10);
    const killed = ids.filter((id) => machine.status(id).reason === "OOMKilled");
    expect(killed).toHaveLength(2);
    expect(machine.status(small).state).toBe("running");
    // What the dead ones held is there again.
    for (const id of ids)
      if (machine.status(id).state === "running")
        machine.call(machine.runtime.stopContainer(id, 0));
    const again = hold(60_000_000);
    machine.advance(60);
    expect(machine.status(again).state).toBe("running");
  }, 60_000);
});

describe("nothing of the host", () => {
  it.each([
    ["env | grep -c -i vitest", "stdout 0"],
    [
      "ls /proc/1/root/work /proc/self/root/home/../../../../work 2>&1 | grep -c 'No such'",
      "stdout 2",
    ],
    ["ls / | tr '\\n' ' '", "stdout bin dev etc home lib64 proc root sys tmp usr var "],
    ["cat /proc/1/environ | tr '\\0' '\\n' | grep -c NODE", "stdout 0"],
    ["cd /; cd ..; cd ../../..; pwd", "stdout /"],
    ["ln -s / /loop; ls -d /loop/loop/loop/../../etc", "stdout /loop/loop/loop/../../etc"],
    ["kill -9 1; kill -9 -1; echo alive", "stdout alive"],
    ["kill -0 99999 2>&1 | sed 's/.*: //'", "stdout No such process"],
    ["hostname", "stdout p"],
  ])("%s", (script, line) => {
    expect(new TestMachine().sh(script).lines.at(-1)).toBe(line);
  });

  it("another container's processes and files cannot be named", () => {
    const machine = new TestMachine();
    machine.start({ command: ["sh", "-c", "echo secret > /root/f; sleep 1000"] });
    const other = machine.start({ command: ["sleep", "1000"] });
    const seen = machine.exec(other, [
      "sh",
      "-c",
      "cat /proc/*/root/root/f; ls /proc | grep -c '^[0-9]'",
    ]);
    expect(seen.stdout).not.toContain("secret");
  });
});
