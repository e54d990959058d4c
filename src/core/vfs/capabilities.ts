/** Linux capabilities by number: include/uapi/linux/capability.h. */
export const CAPABILITY_NUMBERS = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  DAC_READ_SEARCH: 2,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  LINUX_IMMUTABLE: 9,
  NET_BIND_SERVICE: 10,
  NET_BROADCAST: 11,
  NET_ADMIN: 12,
  NET_RAW: 13,
  IPC_LOCK: 14,
  IPC_OWNER: 15,
  SYS_MODULE: 16,
  SYS_RAWIO: 17,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_PACCT: 20,
  SYS_ADMIN: 21,
  SYS_BOOT: 22,
  SYS_NICE: 23,
  SYS_RESOURCE: 24,
  SYS_TIME: 25,
  SYS_TTY_CONFIG: 26,
  MKNOD: 27,
  LEASE: 28,
  AUDIT_WRITE: 29,
  AUDIT_CONTROL: 30,
  SETFCAP: 31,
  MAC_OVERRIDE: 32,
  MAC_ADMIN: 33,
  SYSLOG: 34,
  WAKE_ALARM: 35,
  BLOCK_SUSPEND: 36,
  AUDIT_READ: 37,
  PERFMON: 38,
  BPF: 39,
  CHECKPOINT_RESTORE: 40,
} as const;

export type CapabilityName = keyof typeof CAPABILITY_NUMBERS;

/** A set of capabilities as one number: bit n is capability n. There are 41, so arithmetic is used where bit operators would cut at 32. */
export type CapabilitySet = number;

export const NO_CAPABILITIES: CapabilitySet = 0;
export const ALL_CAPABILITIES: CapabilitySet = 2 ** 41 - 1;

/** Which set holds the given names. */
export const capabilitySet = (names: Iterable<CapabilityName>): CapabilitySet => {
  let set = 0;
  for (const name of names) set = withCapability(set, name);
  return set;
};

export const hasCapability = (set: CapabilitySet, name: CapabilityName): boolean =>
  set === ALL_CAPABILITIES || Math.floor(set / 2 ** CAPABILITY_NUMBERS[name]) % 2 === 1;

export const withCapability = (set: CapabilitySet, name: CapabilityName): CapabilitySet =>
  hasCapability(set, name) ? set : set + 2 ** CAPABILITY_NUMBERS[name];

export const withoutCapability = (set: CapabilitySet, name: CapabilityName): CapabilitySet =>
  hasCapability(set, name) ? set - 2 ** CAPABILITY_NUMBERS[name] : set;

export const isCapabilityName = (name: string): name is CapabilityName =>
  Object.hasOwn(CAPABILITY_NUMBERS, name);
