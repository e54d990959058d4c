import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aSandbox, TestMachine, withSecurity } from "./testing/test-machine.js";

const HOST_MARK = "host-only-value";

/** Everything that is there only outside: the product's own sources, the process that runs it, its environment. */
const HOST_PATHS = [process.cwd(), process.execPath, import.meta.filename];

/** Each is tried in a plain container and in a privileged one; none may print anything of the host. */
const ATTEMPTS: readonly string[] = [
  ...HOST_PATHS.flatMap((path) => [
    `cat '${path}'; ls -la '${path}'; head -c 100 '${path}'`,
    `cat '/proc/1/root${path}'; ls '/proc/1/cwd/../../../../../..${path}'`,
    `ln -s '${path}' /tmp/link; cat /tmp/link; cat /tmp/link/package.json; cp -r /tmp/link /tmp/copy`,
    `cd /tmp/../../../../../..; cat '.${path}'; cat '../..${path}'`,
    `. '${path}'; exec '${path}'`,
    `tar c '${path}' | tar x -O; find '${path}' -type f -exec cat {} +`,
    `wget -O - 'file://${path}'; curl -s 'file://${path}'`,
    `mount --bind '${path}' /mnt; mkdir -p /mnt; mount -o bind '${path}' /mnt; ls /mnt`,
  ]),
  "env; export; set; cat /proc/self/environ /proc/1/environ /proc/*/environ",
  `echo "\${PEAPOD_ESCAPE} $PEAPOD_ESCAPE"; awk 'BEGIN { for (k in ENVIRON) print k, ENVIRON[k] }'`,
  "sh -c 'echo $PEAPOD_ESCAPE'; printenv PEAPOD_ESCAPE; env -i sh -c export",
  "ps aux; cat /proc/*/cmdline /proc/*/comm; ls -la /proc/*/exe /proc/*/fd /proc/*/cwd",
  "cat /proc/mounts /proc/self/mountinfo /etc/hosts /etc/hostname /etc/resolv.conf",
  "cat /proc/1/root/etc/hostname; ls /proc/1/root/..; ls /proc/self/root/../../..",
  "cat /dev/mem /dev/kmem /dev/sda /dev/sda1 | head -c 1000; ls /dev",
  'awk \'BEGIN { while ((getline line < "/proc/self/environ") > 0) print line; system("env") }\'',
  'x=\'__proto__\'; eval "$x=1"; echo ${constructor} ${__proto__} ${toString}; awk \'BEGIN { a["__proto__"] = 1; print a["constructor"] }\'',
  "printf '%s' '${process.env.PEAPOD_ESCAPE}'; echo '#{process.env}' | sed 's/.*/&/e'",
];

const tryAll = (machine: TestMachine, isPrivileged: boolean): string => {
  const sandbox = machine.call(
    machine.runtime.runPodSandbox(
      aSandbox(isPrivileged ? { hostPid: true, hostNetwork: true, hostIpc: true } : {}),
    ),
  ).id;
  const more = isPrivileged ? withSecurity({ privileged: true }) : {};
  for (const script of ATTEMPTS) machine.start({ command: ["sh", "-c", script], ...more }, sandbox);
  machine.advance(120);
  return machine.lines.join("\n");
};

describe("no way out of a container", () => {
  it.each([
    ["a plain container", false],
    ["a privileged one with the host's namespaces", true],
  ])("%s sees nothing of the host", (_name, isPrivileged) => {
    process.env["PEAPOD_ESCAPE"] = HOST_MARK;
    const seen = tryAll(new TestMachine(), isPrivileged);
    expect(seen.length).toBeGreaterThan(1000);
    expect(seen).not.toContain(HOST_MARK);
    expect(seen).not.toContain("vitest/");
    expect(seen).not.toContain('"name": "peapod"');
    expect(seen).not.toContain("describe(");
    expect(seen).not.toContain(`PATH=${process.env["PATH"] ?? "?"}`);
    expect(seen).not.toMatch(new RegExp(`\\b${String(process.pid)}\\b.*node`));
  });

  it("a socket reaches no listener outside", () => {
    const machine = new TestMachine();
    const { lines } = machine.sh(
      "for h in 127.0.0.1 10.0.0.1 192.168.0.11 169.254.169.254 1.1.1.1; do nc -w 1 $h 22 < /dev/null && echo open $h; wget -T 1 -q -O - http://$h/ && echo open $h; done; true",
      {},
      120,
    );
    expect(lines.filter((line) => line.includes("open "))).toEqual([]);
  });
});

/** What is a way to the world outside, or to its clock and chance. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    "a Node module",
    /(?:from|import|require)\s*\(?\s*["'](?:node:|fs|child_process|net|http|os)["'/:]/,
  ],
  ["an import at run time", /\bimport\s*\(|\brequire\s*\(/],
  [
    "the process or the global object",
    /\b(?:process\.(?:env|exit|binding|hrtime|memoryUsage|stdout|nextTick|versions)|globalThis)\b/,
  ],
  ["code from text", /\bnew Function\b|(?<![.\w])eval\s*\(/],
  ["the network", /(?<![.\w])fetch\s*\(|\bnew (?:WebSocket|XMLHttpRequest)\b/],
  ["a timer", /(?<![.\w#])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/],
  ["chance", /\bMath\.random\b|\bcrypto\./],
  ["the wall clock", /\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\)/],
  ["a promise", /\basync\b\s*(?:function|\()|\bawait\b\s|\bnew Promise\b/],
];

const CORE = join(import.meta.dirname, "..");

/** The list that the architecture check goes by. */
const corePackages = (): readonly string[] => {
  const table = readFileSync(join(CORE, "../../test/architecture/may-import.mjs"), "utf8");
  const list = /CORE_PACKAGES = \[([^\]]*)\]/.exec(table)?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
};

const coreFiles = (): readonly string[] =>
  readdirSync(CORE, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.endsWith(".spec.ts") && !path.includes("testing/"),
  );

/** Without comments, which may speak of anything. */
const codeOf = (path: string): string =>
  readFileSync(join(CORE, path), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");

describe("what the core imports", () => {
  it("is its own files and pure packages", () => {
    const files = coreFiles();
    expect(files.length).toBeGreaterThan(500);
    const foreign = new Set<string>();
    for (const path of files)
      for (const [, from = ""] of codeOf(path).matchAll(
        /^(?:import|export)\b[^"';]*?from\s+["']([^"']+)["']/gm,
      ))
        if (!from.startsWith("."))
          foreign.add(
            from
              .split("/")
              .slice(0, from.startsWith("@") ? 2 : 1)
              .join("/"),
          );
    expect([...foreign].filter((name) => !corePackages().includes(name))).toEqual([]);
  });

  it.each(FORBIDDEN)("there is no way to %s", (_what, pattern) => {
    expect(coreFiles().filter((path) => pattern.test(codeOf(path)))).toEqual([]);
  });
});
