import { describe, expect, it } from "vitest";
import type { SysError } from "../shell/index.js";
import { CriError } from "./cri.js";
import { aContainer, TestMachine, withMemoryLimit, withSecurity } from "./testing/test-machine.js";

const START_FAILED =
  "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ";

const sh = (script: string) => ({ command: ["sh", "-c", script] });

describe("how containers start", () => {
  it.each<[string, readonly string[], string]>([
    ["a missing command", ["foo"], 'exec: "foo": executable file not found in $PATH'],
    ["a missing path", ["/foo"], 'exec: "/foo": stat /foo: no such file or directory'],
    ["a file that is not executable", ["/etc/passwd"], 'exec: "/etc/passwd": permission denied'],
    ["a directory", ["/etc"], 'exec: "/etc": is a directory'],
    [
      "a file as directory",
      ["/etc/passwd/x"],
      'exec: "/etc/passwd/x": stat /etc/passwd/x: not a directory',
    ],
  ])("CRE-3: %s is a StartError with exit code 128", (_name, command, text) => {
    const machine = new TestMachine();
    let failure: unknown = null;
    try {
      machine.start({ command });
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(CriError);
    expect(failure).toMatchObject({
      reason: "RunContainerError",
      message: `${START_FAILED}${text}: unknown`,
    });
    expect(machine.runtime.listContainers("u")[0]).toMatchObject({
      state: "exited",
      exitCode: 128,
      reason: "StartError",
      message: `${START_FAILED}${text}: unknown`,
      startedAtMs: 0,
    });
  });

  it("what cannot be executed starts, prints runc's last words and ends with 255", () => {
    const machine = new TestMachine();
    machine.runtime.files.writeFile("/opt/text", "no program\n", { mode: 0o755 });
    machine.runtime.files.writeFile("/opt/script", "#!/bin/nothing\n", { mode: 0o755 });
    const mounts = ["text", "script"].map((name) => ({
      containerPath: `/${name}`,
      hostPath: `/opt/${name}`,
      readOnly: true,
    }));
    const ids = ["/text", "/script"].map((path) => machine.start({ command: [path], mounts }));
    machine.advance(1);
    expect(ids.map((id) => machine.status(id).exitCode)).toEqual([255, 255]);
    expect(machine.lines).toEqual([
      "stderr exec /text: exec format error",
      "stderr exec /script: no such file or directory",
    ]);
  });

  it("runs scripts by their interpreter, and copies of executables", () => {
    const { lines } = new TestMachine().sh(
      `printf '#!/bin/sh\\necho "$0" "$@"\\n' > /tmp/s; chmod +x /tmp/s; /tmp/s a 'b c'; cp /bin/busybox /tmp/echo; /tmp/echo copied; printf x > /tmp/none; chmod +x /tmp/none; /tmp/none; echo $?`,
    );
    expect(lines.slice(0, 2)).toEqual(["stdout /tmp/s a b c", "stdout copied"]);
    expect(lines.at(-1)).toBe("stdout 127");
  });

  it("entrypoint, command and arguments as Kubernetes combines them", () => {
    const machine = new TestMachine();
    const image = "registry.k8s.io/e2e-test-images/agnhost:2.40";
    for (const more of [
      { args: ["entrypoint-tester", "a"] },
      { command: ["/agnhost", "entrypoint-tester"], args: ["b"] },
      { command: ["/agnhost-2", "entrypoint-tester"] },
    ])
      machine.start({ image, ...more });
    machine.advance(1);
    expect(machine.lines).toEqual([
      "stdout [/agnhost entrypoint-tester a]",
      "stdout [/agnhost entrypoint-tester b]",
      "stdout [/agnhost-2 entrypoint-tester]",
    ]);
  });

  it("puts the environment together as containerd and runc do", () => {
    const { lines } = new TestMachine().sh("env", {
      env: [
        { name: "A", value: "1" },
        { name: "PATH", value: "/bin" },
      ],
    });
    expect(lines.filter((line) => !/SHLVL|PWD|_=/.test(line))).toEqual([
      "stdout PATH=/bin",
      "stdout HOSTNAME=p",
      "stdout A=1",
      "stdout HOME=/root",
    ]);
  });

  it("makes the working directory when the image has none such", () => {
    const { lines } = new TestMachine().sh("pwd; ls -ld . | cut -c1-10", {
      workingDir: "/srv/new/place",
    });
    expect(lines).toEqual(["stdout /srv/new/place", "stdout drwxr-xr-x"]);
  });
});

describe("how containers end", () => {
  it.each<[string, string, number, string]>([
    ["success", "exit 0", 0, "Completed"],
    ["failure", "exit 7", 7, "Error"],
    ["a signal of its own", "sh -c 'kill -SEGV $$'; exit $?", 139, "Error"],
    ["an exec", "exec sleep 1", 0, "Completed"],
    ["a command that is not there", "nonsense", 127, "Error"],
  ])("%s", (_name, script, exitCode, reason) => {
    expect(new TestMachine().sh(script).status).toMatchObject({ exitCode, reason });
  });

  it.each<[string, string, number, number]>([
    ["TERM-7: PID 1 without a handler is killed after its grace", "sleep 1000; true", 5000, 137],
    ["a trap ends it in time", 'trap "exit 3" TERM; while :; do sleep 1; done', 1000, 3],
    ["exec'ed into PID 1, sleep has no handler either", "exec sleep 1000", 5000, 137],
  ])("%s", (_name, script, withinMs, exitCode) => {
    const machine = new TestMachine();
    const id = machine.start(sh(script));
    machine.advance(1);
    const begun = machine.nowMs;
    machine.call(machine.runtime.stopContainer(id, 5000));
    const took = machine.nowMs - begun;
    expect(machine.status(id).exitCode).toBe(exitCode);
    expect(took).toBeLessThanOrEqual(withinMs + 1);
    if (exitCode === 137) expect(took).toBe(5000);
  });

  it("TERM-8: the image's own stop signal", () => {
    const machine = new TestMachine();
    const id = machine.start({ image: "nginx" });
    machine.advance(1);
    machine.call(machine.runtime.stopContainer(id, 30_000));
    expect(machine.status(id)).toMatchObject({ exitCode: 0, reason: "Completed" });
    expect(machine.lines.join("\n")).toContain("signal 3 (SIGQUIT) received, shutting down");
  });

  it("stopping at once kills", () => {
    const machine = new TestMachine();
    const id = machine.start(sh('trap "exit 0" TERM; sleep 1000 & wait'));
    machine.advance(1);
    machine.call(machine.runtime.stopContainer(id, 0));
    expect(machine.status(id).exitCode).toBe(137);
  });

  it("RESTART-10: the termination message, at most its last 4096 bytes", () => {
    const machine = new TestMachine();
    expect(machine.sh("echo why > /dev/termination-log; exit 1").status.message).toBe("why\n");
    const long = machine.sh("head -c 5000 /dev/zero | tr '\\0' x > /tmp/m", {
      terminationMessagePath: "/tmp/m",
    });
    expect(long.status.message).toBe("x".repeat(4096));
  });

  it("events tell of starts and ends, each in a step of its own", () => {
    const machine = new TestMachine();
    const seen: string[] = [];
    machine.runtime.onContainerEvent(({ type, containerId }) => {
      seen.push(`${type} ${machine.status(containerId).state}`);
    });
    machine.sh("sleep 1");
    expect(seen).toEqual(["started running", "stopped exited"]);
  });

  it("OOMKilled past the memory limit, with everything in the container", () => {
    const limit = withMemoryLimit(64 * 2 ** 20);
    const machine = new TestMachine();
    const stressed = machine.start({
      image: "polinux/stress",
      command: ["stress", "--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1"],
      ...limit,
    });
    machine.advance(5);
    expect(machine.status(stressed)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
    const shell = machine.sh("x=a; while :; do x=$x$x; done", limit);
    expect(shell.status).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });

  it("files in memory count against the limit too", () => {
    const machine = new TestMachine();
    machine.runtime.files.mountMemory("/vol", 256 * 2 ** 20);
    const mounts = [{ containerPath: "/cache", hostPath: "/vol", readOnly: false }];
    const fits = machine.sh("head -c 10000000 /dev/urandom > /cache/f; echo fits", {
      mounts,
      ...withMemoryLimit(64 * 2 ** 20),
    });
    expect(fits.lines).toEqual(["stdout fits"]);
    const full = machine.sh(
      "cat /dev/zero > /cache/g",
      { mounts, ...withMemoryLimit(64 * 2 ** 20) },
      120,
    );
    expect(full.status).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });
});

describe("what containers see", () => {
  it.each([
    ["echo hello > a; gzip a; zcat a.gz; gunzip a.gz; cat a", ["stdout hello", "stdout hello"]],
    ["echo hello | gzip -c | gunzip -c", ["stdout hello"]],
    ["echo x > a; gunzip a", ["stderr gunzip: a: unknown suffix - ignored"]],
    ["echo x | gunzip", ["stderr gunzip: invalid magic"]],
    [
      "echo hello | gzip > a; s=$(stat -c %s a); printf 'x' | dd of=a bs=1 seek=$((s-8)) conv=notrunc 2>/dev/null; gunzip -c a; echo $?",
      ["stdout hello", "stderr gunzip: crc error", "stdout 1"],
    ],
    [
      "echo hello | gzip > a; s=$(stat -c %s a); printf 'x' | dd of=a bs=1 seek=$((s-4)) conv=notrunc 2>/dev/null; gunzip -t a; echo $?",
      ["stderr gunzip: incorrect length", "stdout 1"],
    ],
    [
      "{ echo one | gzip; echo two | gzip; } > a; zcat a; printf 'x' | dd of=a bs=1 seek=16 conv=notrunc 2>/dev/null; zcat a",
      ["stdout one", "stdout two", "stdout one", "stderr zcat: crc error"],
    ],
    [
      "{ echo one | gzip; echo what follows; } | gunzip && head -c 30 /dev/zero | gunzip",
      ["stdout one", "stderr gunzip: invalid magic"],
    ],
    [
      "head -c 2000 /dev/urandom | gzip > a; printf '\\377\\377' | dd of=a bs=1 seek=10 conv=notrunc 2>/dev/null; gunzip -c a > /dev/null",
      ["stderr gunzip: corrupted data"],
    ],
    [
      "seq 1 9999 | gzip | head -c 100 | gunzip > /dev/null",
      ["stderr gunzip: unexpected end of file"],
    ],
    [
      "mkdir d; echo 1 > d/a; echo 2 > d/b.log; tar czf x.tgz --exclude='*.log' d; tar tf x.tgz",
      ["stdout d/", "stdout d/a"],
    ],
    ["echo one > a; tar cz a | tar xz -O", ["stdout one"]],
    ["printf 123456789 | tee f | cksum; crc32 f", ["stdout 930766865 9", "stdout cbf43926 f"]],
    [
      'getopt -o ab:c:: -l foo,bar: -n prog -- -a x -bv -c --foo --bar="it\'s" y -z; echo $?',
      [
        "stderr prog: invalid option -- 'z'",
        "stdout  -a -b 'v' -c '' --foo --bar 'it'\\''s' -- 'x' 'y'",
        "stdout 1",
      ],
    ],
    ["getopt ab: -a -b 1 c", ["stdout  -a -b 1 -- c"]],
    ["dnsdomainname; hostid", ["stdout ", "stdout 00000000"]],
  ])("%s", (script, lines) => {
    expect(new TestMachine().sh(`cd /tmp; ${script}`).lines).toEqual(lines);
  });

  it("a dead container's files are gone, volumes stay", () => {
    const machine = new TestMachine();
    machine.runtime.files.makeDirectory("/vol");
    const mounts = [{ containerPath: "/data", hostPath: "/vol", readOnly: false }];
    const first = machine.sh("echo one > /data/f; echo two > /root/f; rm /etc/group", { mounts });
    machine.runtime.removeContainer(first.id);
    const second = machine.sh("cat /data/f; ls /root; ls /etc/group", { mounts });
    expect(second.lines).toEqual(["stdout one", "stdout /etc/group"]);
    expect(machine.runtime.containerStatus(first.id)).toBeNull();
  });

  it("writes to one container's layer are no other's, nor the image's", () => {
    const machine = new TestMachine();
    const [a, b] = [machine.start(sh("sleep 100")), machine.start(sh("sleep 100"))];
    machine.exec(a, ["sh", "-c", "echo mine > /etc/mine; rm -r /home; mv /etc/passwd /etc/p"]);
    expect(
      machine.exec(b, ["sh", "-c", "ls /etc/mine /etc/p; ls -d /home /etc/passwd"]).stdout,
    ).toBe("/etc/passwd\n/home\n");
    expect(machine.exec(a, ["sh", "-c", "cat /etc/mine; ls -d /home"])).toMatchObject({
      stdout: "mine\n",
      exitCode: 1,
    });
    expect(machine.runtime.containerStats(b)).toMatchObject({
      writableBytes: 0,
      writableInodes: 0,
    });
  });

  it.each<[string, Parameters<typeof withSecurity>[0], string, readonly string[]]>([
    [
      "a read-only root",
      { readOnlyRootFilesystem: true },
      "echo x > /file; touch /tmp/x; echo ok > /dev/shm/x && cat /dev/shm/x",
      [
        "stderr sh: can't create /file: Read-only file system",
        "stderr touch: /tmp/x: Read-only file system",
        "stdout ok",
      ],
    ],
    [
      "a user of its own",
      { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000] },
      "id; echo x > /etc/x; cat /etc/shadow",
      [
        "stdout uid=1000 gid=3000 groups=3000,4000",
        "stderr sh: can't create /etc/x: Permission denied",
        "stderr cat: can't open '/etc/shadow': Permission denied",
      ],
    ],
    [
      "root without capabilities",
      { dropCapabilities: ["ALL"] },
      "grep Cap /proc/self/status | sort -u | head -2; chown 1 /tmp; su nobody 2>/dev/null || echo no",
      [
        "stdout CapAmb:\t0000000000000000",
        "stdout CapBnd:\t0000000000000000",
        "stderr chown: /tmp: Operation not permitted",
        "stdout no",
      ],
    ],
    [
      "the default capabilities",
      {},
      "grep CapEff /proc/self/status",
      ["stdout CapEff:\t00000000a80425fb"],
    ],
    [
      "all capabilities",
      { privileged: true },
      "grep CapEff /proc/self/status",
      ["stdout CapEff:\t000001ffffffffff"],
    ],
  ])("%s", (_name, security, script, lines) => {
    expect(new TestMachine().sh(script, withSecurity(security)).lines).toEqual(lines);
  });

  it("read-only mounts refuse writes, single files can be mounted", () => {
    const machine = new TestMachine();
    machine.runtime.files.writeFile("/vol/a", "text\n");
    const mounts = [
      { containerPath: "/ro", hostPath: "/vol", readOnly: true },
      { containerPath: "/etc/one", hostPath: "/vol/a", readOnly: false },
    ];
    const { lines } = machine.sh(
      "cat /ro/a; echo x > /ro/a; rm /ro/a; echo more >> /etc/one; cat /ro/a; rm /etc/one",
      { mounts },
    );
    expect(lines).toEqual([
      "stdout text",
      "stderr sh: can't create /ro/a: Read-only file system",
      "stderr rm: can't remove '/ro/a': Read-only file system",
      "stdout text",
      "stdout more",
      "stderr rm: can't remove '/etc/one': Device or resource busy",
    ]);
  });

  it("mounting needs CAP_SYS_ADMIN", () => {
    const machine = new TestMachine();
    const seen: unknown[] = [];
    for (const privileged of [false, true]) {
      machine.run(function* (sys) {
        sys.mkdir("/m");
        try {
          sys.mount("none", "/m", "tmpfs", "size=1m");
          const fd = sys.open("/m/f", { write: true, create: true });
          yield* sys.write(fd, new Uint8Array(2 ** 21).fill(1));
        } catch (error) {
          seen.push((error as SysError).errno, sys.statfs("/m").type);
        }
        return 0;
      }, withSecurity({ privileged }));
    }
    expect(seen).toEqual(["EPERM", "overlay", "ENOSPC", "tmpfs"]);
  });

  it("NS-2: a shared process namespace, with pause as PID 1", () => {
    const machine = new TestMachine();
    const sandbox = machine.sandbox({ shareProcessNamespace: true });
    const first = machine.start({ image: "nginx" }, sandbox);
    const second = machine.start(sh("trap 'exit 0' TERM; sleep 1000 & wait"), sandbox);
    machine.advance(1);
    const seen = machine.exec(second, [
      "sh",
      "-c",
      "tr '\\0' ' ' < /proc/1/cmdline; echo; cut -c1-13 /proc/2/cmdline; ls /proc/2/root/usr/share/nginx",
    ]);
    expect(seen.stdout).toBe("/pause \nnginx: master\nhtml\n");
    machine.exec(second, ["sh", "-c", "kill -QUIT 2"]);
    machine.advance(1);
    expect(machine.status(first)).toMatchObject({ state: "exited", exitCode: 0 });
    expect(machine.status(second).state).toBe("running");
    machine.call(machine.runtime.stopPodSandbox(sandbox));
    expect(machine.status(second)).toMatchObject({ exitCode: 137 });
  });

  it("EPH-7: a container that joins another's processes ends with it", () => {
    const machine = new TestMachine();
    const sandbox = machine.sandbox();
    const target = machine.start(sh("sleep 100; exit 4"), sandbox);
    const joined = machine.start({ ...sh("sleep 1000"), targetContainerId: target }, sandbox);
    expect(machine.exec(joined, ["sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline"]).stdout).toBe(
      "sh -c sleep 100; exit 4 ",
    );
    machine.advance(101);
    expect(machine.status(target)).toMatchObject({ exitCode: 4 });
    expect(machine.status(joined)).toMatchObject({ exitCode: 137 });
  });

  it.each([
    ["cat /proc/self/comm; cat /proc/$$/comm; true", ["stdout cat", "stdout sh"]],
    [
      "tr '\\0' ' ' < /proc/1/cmdline | cut -c1-5; readlink /proc/1/exe; readlink /proc/1/cwd",
      ["stdout sh -c", "stdout /bin/sh", "stdout /"],
    ],
    ["A=b sh -c \"tr '\\0' '\\n' < /proc/self/environ\" | grep ^A", ["stdout A=b"]],
    [
      "grep -c processor /proc/cpuinfo; head -1 /proc/meminfo; cut -d' ' -f1-3 /proc/version",
      ["stdout 4", "stdout MemTotal:        8388608 kB", "stdout Linux version 6.8.0-45-generic"],
    ],
    [
      "cat /proc/sys/kernel/hostname /proc/sys/net/core/somaxconn; echo 1 > /proc/sys/vm/swappiness",
      [
        "stdout p",
        "stdout 4096",
        "stderr sh: can't create /proc/sys/vm/swappiness: Read-only file system",
      ],
    ],
    [
      "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max /sys/fs/cgroup/cpu.max",
      ["stdout max", "stdout 1024", "stdout max 100000"],
    ],
    [
      "grep -c . /proc/mounts; grep ' / ' /proc/mounts",
      ["stdout 9", "stdout overlay / overlay rw,relatime 0 0"],
    ],
    [
      "cat /etc/hostname; test -s /etc/resolv.conf && head -1 /etc/resolv.conf",
      ["stdout p", "stdout search default.svc.cluster.local svc.cluster.local cluster.local"],
    ],
    [
      "ls /proc/self/fd; touch /proc/x; rm /proc/version; mkdir /sys/x",
      [
        "stdout 0",
        "stdout 1",
        "stdout 2",
        "stderr touch: /proc/x: No such file or directory",
        "stderr rm: can't remove '/proc/version': Operation not permitted",
        "stderr mkdir: can't create directory '/sys/x': Read-only file system",
      ],
    ],
  ])("proc and sys: %s", (script, lines) => {
    expect(new TestMachine().sh(script).lines).toEqual(lines);
  });

  it("execSync: output, exit code, timeout, and the words for what is not there", () => {
    const machine = new TestMachine();
    const id = machine.start({ ...sh("sleep 1000"), env: [{ name: "A", value: "b" }] });
    expect(machine.exec(id, ["sh", "-c", "echo $A; echo err >&2; exit 4"])).toEqual({
      exitCode: 4,
      stdout: "b\n",
      stderr: "err\n",
      timedOut: false,
    });
    const begun = machine.nowMs;
    expect(machine.exec(id, ["sleep", "100"], 2000)).toMatchObject({ timedOut: true });
    expect(machine.nowMs - begun).toBe(2000);
    expect(() => machine.exec(id, ["foo"])).toThrow(
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "foo": executable file not found in $PATH: unknown',
    );
    machine.call(machine.runtime.stopContainer(id, 0));
    expect(() => machine.exec(id, ["true"])).toThrow("container is in CONTAINER_EXITED state");
  });

  it("scripts a container whose command can't say it", () => {
    const machine = new TestMachine();
    const scripted = (script: NonNullable<ReturnType<typeof aContainer>["script"]>) =>
      machine.start({ image: "whatever", script });
    const ends = scripted({ runSeconds: 3, exitCode: 5, log: "hello" });
    const killed = scripted({ runSeconds: 1, signal: 11 });
    const large = machine.start({
      image: "x",
      script: { memory: "200Mi" },
      ...withMemoryLimit(100 * 2 ** 20),
    });
    const serving = scripted({
      http: [
        { port: 80, path: "/ready", status: 503, toSeconds: 2 },
        { port: 80, path: "/ready", status: 200, body: "ok" },
      ],
    });
    machine.advance(10);
    expect(machine.status(ends)).toMatchObject({ exitCode: 5, reason: "Error" });
    expect(machine.lines).toEqual(["stdout hello"]);
    expect(machine.status(killed).exitCode).toBe(139);
    expect(machine.status(large)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
    machine.call(machine.runtime.stopContainer(serving, 30_000));
    expect(machine.status(serving).exitCode).toBe(0);
  });
});
