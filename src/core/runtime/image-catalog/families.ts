import { findProgram, gnuProgramName } from "../../shell/index.js";
import { LayerBuilder, type Directory } from "../../vfs/index.js";
import { executableHead } from "../kernel/exec.js";
import { ALPINE_APPLETS, BUSYBOX_APPLETS, DEBIAN_COMMANDS } from "./applets.js";
import {
  ALPINE_GROUP,
  ALPINE_OS_RELEASE,
  ALPINE_PASSWD,
  BUSYBOX_GROUP,
  BUSYBOX_PASSWD,
  DEBIAN_GROUP,
  DEBIAN_OS_RELEASE,
  DEBIAN_PASSWD,
} from "./etc-files.js";

/** When the images of the catalogue were built: 2025-09-01T00:00:00Z. */
export const IMAGE_TIME_MS = 1_756_684_800_000;

const BUSYBOX_BYTES = 1_131_168;
const BUSYBOX_MEMORY_BYTES = 401_408;
const TOOL_MEMORY_BYTES = 1_048_576;

/** An executable file: what it is called in the kernel's table of programs, how large it is on disk and in memory. */
export const addExecutable = (
  builder: LayerBuilder,
  path: string,
  program: string,
  sizeBytes: number,
  memoryBytes: number,
  mode = 0o755,
): LayerBuilder =>
  builder.file(path, executableHead({ program, memoryBytes }), { mode, sizeBytes });

/** Computes something once. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
};

/** Puts files over a base, once. */
export const layerOver = (
  base: () => Directory,
  write: (builder: LayerBuilder) => void,
): (() => Directory) =>
  once(() => {
    const builder = new LayerBuilder(IMAGE_TIME_MS, base(), 5000);
    write(builder);
    return builder.root;
  });

/** What every image has: mount points that the runtime needs. */
const withMountPoints = (builder: LayerBuilder): LayerBuilder =>
  builder
    .directory("/dev")
    .directory("/proc")
    .directory("/sys")
    .file("/etc/hosts", "")
    .file("/etc/hostname", "")
    .file("/etc/resolv.conf", "")
    .directory("/var/run/secrets/kubernetes.io/serviceaccount");

/** An empty image: `FROM scratch`. */
export const scratchRoot = once(() => withMountPoints(new LayerBuilder(IMAGE_TIME_MS)).root);

export const busyboxRoot = once(() => {
  const builder = withMountPoints(new LayerBuilder(IMAGE_TIME_MS))
    .directory("/home", { uid: 65534, gid: 65534 })
    .directory("/root", { mode: 0o700 })
    .directory("/tmp", { mode: 0o1777 })
    .directory("/usr/sbin", { uid: 1, gid: 1 })
    .directory("/var/spool/mail", { uid: 8, gid: 8 })
    .directory("/var/www", { uid: 33, gid: 33 })
    .file("/etc/passwd", BUSYBOX_PASSWD)
    .file("/etc/group", BUSYBOX_GROUP)
    .file("/etc/shadow", "root:*:10933:0:99999:7:::\n", { mode: 0o600 })
    .file("/etc/localtime", "UTC")
    .file("/etc/nsswitch.conf", "hosts: files dns\n")
    .symlink("lib", "/lib64")
    .symlink("../../bin/env", "/usr/bin/env");
  addExecutable(builder, "/bin/busybox", "busybox", BUSYBOX_BYTES, BUSYBOX_MEMORY_BYTES);
  for (const applet of BUSYBOX_APPLETS) builder.link("/bin/busybox", `/bin/${applet}`);
  return builder.root;
});

export const alpineRoot = once(() => {
  const builder = withMountPoints(new LayerBuilder(IMAGE_TIME_MS))
    .directory("/home")
    .directory("/media")
    .directory("/mnt")
    .directory("/opt")
    .directory("/root", { mode: 0o700 })
    .directory("/run")
    .directory("/srv")
    .directory("/tmp", { mode: 0o1777 })
    .directory("/usr/local/bin")
    .directory("/usr/share")
    .directory("/var/cache")
    .directory("/var/lib")
    .directory("/var/log")
    .directory("/var/tmp", { mode: 0o1777 })
    .file("/etc/passwd", ALPINE_PASSWD)
    .file("/etc/group", ALPINE_GROUP)
    .file("/etc/os-release", ALPINE_OS_RELEASE)
    .file("/etc/alpine-release", "3.22.1\n")
    .file("/etc/shells", "# valid login shells\n/bin/sh\n/bin/ash\n")
    .file("/etc/motd", "Welcome to Alpine!\n")
    .file(
      "/etc/profile",
      "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
    )
    .file("/lib/ld-musl-x86_64.so.1", "\x7fELF", { mode: 0o755, sizeBytes: 662_680 });
  addExecutable(builder, "/bin/busybox", "busybox", 808_712, BUSYBOX_MEMORY_BYTES);
  for (const [directory, applets] of Object.entries(ALPINE_APPLETS))
    for (const applet of applets) builder.symlink("/bin/busybox", `${directory}/${applet}`);
  addExecutable(builder, "/sbin/apk", "apk", 70_456, TOOL_MEMORY_BYTES);
  return builder.root;
});

export const debianRoot = once(() => {
  const builder = withMountPoints(new LayerBuilder(IMAGE_TIME_MS))
    .directory("/boot")
    .directory("/home")
    .directory("/media")
    .directory("/mnt")
    .directory("/opt")
    .directory("/root", { mode: 0o700 })
    .directory("/run")
    .directory("/srv")
    .directory("/tmp", { mode: 0o1777 })
    .directory("/usr/lib")
    .directory("/usr/local/bin")
    .directory("/usr/sbin")
    .directory("/usr/share/doc")
    .directory("/var/cache/apt")
    .directory("/var/lib/dpkg")
    .directory("/var/log")
    .directory("/var/tmp", { mode: 0o1777 })
    .file("/etc/passwd", DEBIAN_PASSWD)
    .file("/etc/group", DEBIAN_GROUP)
    .file("/etc/os-release", DEBIAN_OS_RELEASE)
    .file("/etc/debian_version", "12.11\n")
    .file(
      "/etc/shells",
      "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n/usr/bin/dash\n",
    )
    .symlink("usr/bin", "/bin")
    .symlink("usr/sbin", "/sbin")
    .symlink("usr/lib", "/lib")
    .symlink("usr/lib64", "/lib64");
  for (const command of DEBIAN_COMMANDS) {
    if (command === "sh" || command === "awk") continue;
    const program = gnuProgramOf(command === "mawk" ? "awk" : command);
    addExecutable(builder, `/usr/bin/${command}`, program, sizeOf(command), memoryOf(command));
  }
  builder.symlink("dash", "/usr/bin/sh").symlink("mawk", "/usr/bin/awk");
  addExecutable(builder, "/usr/sbin/chroot", "chroot", 43_704, TOOL_MEMORY_BYTES);
  addExecutable(builder, "/usr/sbin/ldconfig", "true", 917_184, TOOL_MEMORY_BYTES);
  return builder.root;
});

/** GNU's own command where the userland has one, else the program of that name. */
const gnuProgramOf = (name: string): string =>
  findProgram(gnuProgramName(name)) === undefined ? name : gnuProgramName(name);

const sizeOf = (command: string): number =>
  ({ bash: 1_265_648, dash: 125_688, perl: 3_790_328, ls: 151_344, find: 224_848, tar: 531_984 })[
    command
  ] ?? 43_816;

const memoryOf = (command: string): number =>
  ({ bash: 3_407_872, dash: 901_120, perl: 5_505_024, sleep: 655_360 })[command] ??
  TOOL_MEMORY_BYTES;
