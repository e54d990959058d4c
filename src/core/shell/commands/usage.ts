/** The version whose behaviour the userland has. */
export const BUSYBOX_VERSION = "1.37.0";

/** The synopsis of each applet; its longer help is not reproduced. */
const SYNOPSES: Readonly<Record<string, string>> = {
  cat: "[-nbvteA] [FILE]...",
  sleep: "[N]...",
  touch: "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...",
  rm: "[-irf] FILE...",
  mkdir: "[-m MODE] [-p] DIRECTORY...",
  ls: "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...",
};

export function usageText(name: string): string {
  const synopsis = SYNOPSES[name];
  const usage = synopsis === undefined ? `${name} [ARGUMENT]...` : `${name} ${synopsis}`;
  return `BusyBox v${BUSYBOX_VERSION} () multi-call binary.\n\nUsage: ${usage}\n`;
}
