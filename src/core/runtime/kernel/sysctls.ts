import { hasCapability, SysError } from "../../vfs/index.js";
import type { Process } from "./process.js";

/** What an Ubuntu 24.04 node with a 6.8 kernel says; names are paths below /proc/sys with dots. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "fs.file-max": "9223372036854775807",
  "fs.inotify.max_user_instances": "8192",
  "fs.inotify.max_user_watches": "524288",
  "fs.nr_open": "1048576",
  "kernel.cap_last_cap": "40",
  "kernel.domainname": "(none)",
  "kernel.msgmax": "8192",
  "kernel.msgmnb": "16384",
  "kernel.msgmni": "32000",
  "kernel.ngroups_max": "65536",
  "kernel.osrelease": "6.8.0-45-generic",
  "kernel.ostype": "Linux",
  "kernel.overflowuid": "65534",
  "kernel.pid_max": "4194304",
  "kernel.sem": "32000\t1024000000\t500\t32000",
  "kernel.shm_rmid_forced": "0",
  "kernel.shmall": "18446744073692774399",
  "kernel.shmmax": "18446744073692774399",
  "kernel.shmmni": "4096",
  "kernel.threads-max": "63448",
  "kernel.version": "#45-Ubuntu SMP PREEMPT_DYNAMIC",
  "net.core.somaxconn": "4096",
  "net.ipv4.ip_forward": "0",
  "net.ipv4.ip_local_port_range": "32768\t60999",
  "net.ipv4.ip_local_reserved_ports": "",
  "net.ipv4.ip_unprivileged_port_start": "0",
  "net.ipv4.ping_group_range": "0\t2147483647",
  "net.ipv4.tcp_fin_timeout": "60",
  "net.ipv4.tcp_keepalive_intvl": "75",
  "net.ipv4.tcp_keepalive_probes": "9",
  "net.ipv4.tcp_keepalive_time": "7200",
  "net.ipv4.tcp_rmem": "4096\t131072\t6291456",
  "net.ipv4.tcp_syncookies": "1",
  "net.ipv4.tcp_wmem": "4096\t16384\t4194304",
  "vm.max_map_count": "1048576",
  "vm.overcommit_memory": "1",
  "vm.panic_on_oom": "0",
  "vm.swappiness": "60",
};

export const sysctlNames = (process: Process): readonly string[] => [
  ...new Set([
    ...Object.keys(DEFAULTS),
    "kernel.hostname",
    ...Object.keys(process.confinement.pod.sysctls),
  ]),
];

/** Reads a setting, or changes it. Containers see /proc/sys read-only unless they are privileged. */
export const sysctl = (process: Process, name: string, value?: string): string => {
  const { confinement, kernel } = process;
  const current =
    name === "kernel.hostname"
      ? confinement.pod.hostname
      : (confinement.pod.sysctls[name] ?? kernel.sysctls.get(name) ?? DEFAULTS[name]);
  if (current === undefined) throw new SysError("ENOENT");
  if (value === undefined) return current;
  if (process.credentials.uid !== 0) throw new SysError("EACCES");
  if (!hasCapability(process.credentials.capabilities, "SYS_ADMIN")) throw new SysError("EROFS");
  kernel.sysctls.set(name, value);
  return value;
};
