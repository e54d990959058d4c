import type { LayerBuilder } from "../../../vfs/index.js";

const DEBIAN: Readonly<Record<string, readonly [codename: string, point: string]>> = {
  "13": ["trixie", "13.0"],
  "12": ["bookworm", "12.11"],
  "11": ["bullseye", "11.11"],
  "10": ["buster", "10.13"],
  "9": ["stretch", "9.13"],
};

const UBUNTU: Readonly<
  Record<string, readonly [codename: string, version: string, debian: string]>
> = {
  "24.04": ["noble", "24.04.3 LTS (Noble Numbat)", "trixie"],
  "22.04": ["jammy", "22.04.5 LTS (Jammy Jellyfish)", "bookworm"],
  "20.04": ["focal", "20.04.6 LTS (Focal Fossa)", "bullseye"],
  "18.04": ["bionic", "18.04.6 LTS (Bionic Beaver)", "buster"],
};

const namesOf = (
  releases: Readonly<Record<string, readonly [codename: string, ...rest: string[]]>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(releases).map(([version, [codename]]) => [codename, version]));

/** Versions by code name, which tags have for them. */
export const DEBIAN_NAMES = namesOf(DEBIAN);
export const UBUNTU_NAMES = namesOf(UBUNTU);

/** What says which Debian an image is. */
export const writeDebianRelease = (builder: LayerBuilder, version: string): void => {
  const major = version.split(".")[0] ?? "";
  const release = DEBIAN[major];
  if (release === undefined) return;
  const [codename, point] = release;
  builder.file("/etc/debian_version", `${point}\n`).file(
    "/etc/os-release",
    `PRETTY_NAME="Debian GNU/Linux ${major} (${codename})"
NAME="Debian GNU/Linux"
VERSION_ID="${major}"
VERSION="${major} (${codename})"
VERSION_CODENAME=${codename}
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  );
};

/** What says which Ubuntu an image is. From 23.04 on it has an account of that name. */
export const writeUbuntuRelease = (builder: LayerBuilder, version: string): void => {
  const [codename = "noble", text = version, debian = "trixie"] = UBUNTU[version] ?? [];
  const pretty = `Ubuntu ${text.replace(/ \(.*/, "")}`;
  builder
    .file("/etc/debian_version", `${debian}/sid\n`)
    .file(
      "/etc/lsb-release",
      `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${version}\nDISTRIB_CODENAME=${codename}\nDISTRIB_DESCRIPTION="${pretty}"\n`,
    )
    .file(
      "/etc/os-release",
      `PRETTY_NAME="${pretty}"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION="${text}"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=${codename}
`,
    );
  if (Number(version) < 23.04) return;
  builder.append("/etc/passwd", "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n");
  builder.append("/etc/group", "ubuntu:x:1000:\n");
  builder.directory("/home/ubuntu", { uid: 1000, gid: 1000, mode: 0o750 });
};

/** What says which Alpine an image is. */
export const writeAlpineRelease = (builder: LayerBuilder, version: string): void => {
  const series = version.split(".").slice(0, 2).join(".");
  builder.file("/etc/alpine-release", `${version}\n`).file(
    "/etc/os-release",
    `NAME="Alpine Linux"
ID=alpine
VERSION_ID=${version}
PRETTY_NAME="Alpine Linux v${series}"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`,
  );
};
