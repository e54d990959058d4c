import { addExecutable } from "../families.js";
import { RELEASES } from "../releases.js";
import {
  DEBIAN_NAMES,
  UBUNTU_NAMES,
  writeAlpineRelease,
  writeDebianRelease,
  writeUbuntuRelease,
} from "./distributions.js";
import type { ImageRecipe } from "../recipe.js";

/** busybox 1.29 came with FEATURE_NSLOOKUP_BIG, which asks name servers itself. */
const FIRST_WITH_OWN_RESOLVER = 29;

/** Distributions and what comes without a server of its own. */
export const baseImages: readonly ImageRecipe[] = [
  {
    names: ["pause"],
    base: "scratch",
    version: "3.10",
    sizeBytes: 320_448,
    config: () => ({ entrypoint: ["/pause"], user: "65535:65535" }),
    files(builder) {
      addExecutable(builder, "/pause", "pause", 741_376, 311_296);
    },
  },
  {
    names: ["busybox"],
    base: "busybox",
    version: "1.36.1",
    releases: RELEASES.busybox,
    sizeBytes: 2_223_685,
    config: () => ({ cmd: ["sh"] }),
    files(builder, { version }) {
      // The documentation's manifests ask for 1.28, whose nslookup follows the search list.
      const [major = 0, minor = Infinity] = version.split(".").map(Number);
      if (major === 1 && minor < FIRST_WITH_OWN_RESOLVER)
        addExecutable(builder, "/bin/nslookup", "nslookup-by-library", 1_131_168, 401_408);
    },
  },
  {
    names: ["alpine"],
    base: "alpine",
    version: "3.22.1",
    releases: RELEASES.alpine,
    sizeBytes: 3_797_000,
    config: () => ({ cmd: ["/bin/sh"] }),
    files(builder, { version }) {
      writeAlpineRelease(builder, version);
    },
  },
  {
    names: ["debian"],
    base: "debian",
    version: "12",
    versionNames: DEBIAN_NAMES,
    sizeBytes: 48_494_000,
    config: () => ({ cmd: ["bash"] }),
    files(builder, { version }) {
      writeDebianRelease(builder, version);
    },
  },
  {
    names: ["ubuntu"],
    base: "debian",
    version: "24.04",
    versionNames: UBUNTU_NAMES,
    sizeBytes: 29_720_000,
    config: () => ({ cmd: ["/bin/bash"] }),
    files(builder, { version }) {
      writeUbuntuRelease(builder, version);
      addExecutable(builder, "/usr/bin/ps", "ps", 144_632, 1_048_576);
    },
  },
  {
    names: ["bash"],
    base: "alpine",
    version: "5.3",
    sizeBytes: 6_300_000,
    config: ({ version }) => ({
      entrypoint: ["docker-entrypoint.sh"],
      cmd: ["bash"],
      env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `_BASH_VERSION=${version}`,
      ],
    }),
    files(builder) {
      addExecutable(builder, "/usr/local/bin/bash", "bash", 1_152_688, 2_400_000);
      builder.file(
        "/usr/local/bin/docker-entrypoint.sh",
        '#!/usr/local/bin/bash\nset -Eeuo pipefail\n\n# first arg is `-f` or `--some-option`\n# or there are no args\nif [ "$#" -eq 0 ] || [ "${1#-}" != "$1" ]; then\n\t# docker run bash -c \'echo hi\'\n\texec bash "$@"\nfi\n\nexec "$@"\n',
        { mode: 0o755 },
      );
    },
  },
];
