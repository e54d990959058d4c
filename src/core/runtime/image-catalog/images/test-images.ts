import { addExecutable } from "../families.js";
import type { ImageRecipe } from "../recipe.js";

const MIB = 1_048_576;

/** What Kubernetes' own tests and its documentation use: test/images, 1.34. */
export const testImages: readonly ImageRecipe[] = [
  {
    names: ["agnhost"],
    base: "alpine",
    version: "2.57",
    sizeBytes: 51_000_000,
    config: () => ({
      entrypoint: ["/agnhost"],
      cmd: ["pause"],
      exposedPorts: [80, 8080, 8081, 9376, 5000],
    }),
    files(builder) {
      addExecutable(builder, "/agnhost", "agnhost", 47_000_000, 9 * MIB);
      builder.symlink("/agnhost", "/agnhost-2");
      addExecutable(builder, "/usr/bin/curl", "curl", 297_288, 6 * MIB);
      addExecutable(builder, "/usr/bin/dig", "dig", 149_000, 4 * MIB);
      builder.directory("/uploads", { mode: 0o777 });
    },
  },
  {
    names: ["nonroot"],
    base: "scratch",
    version: "1.4",
    sizeBytes: 17_700_000,
    config: () => ({ entrypoint: ["/pause"], user: "1234" }),
    files(builder) {
      addExecutable(builder, "/pause", "pause", 741_376, 311_296);
    },
  },
  {
    names: ["curlimages/curl", "appropriate/curl", "curl"],
    base: "alpine",
    version: "8.15.0",
    sizeBytes: 9_800_000,
    config: () => ({
      entrypoint: ["/entrypoint.sh"],
      cmd: ["curl"],
      user: "curl_user",
      workingDir: "/home/curl_user",
    }),
    files(builder) {
      builder.append(
        "/etc/passwd",
        "curl_user:x:100:101:Linux User,,,:/home/curl_user:/sbin/nologin\n",
      );
      builder.append("/etc/group", "curl_group:x:101:curl_user\n");
      addExecutable(builder, "/usr/bin/curl", "curl", 297_288, 6 * MIB);
      builder.directory("/home/curl_user", { uid: 100, gid: 101 });
      builder.file(
        "/entrypoint.sh",
        '#!/bin/sh\nset -e\n\n# prepend curl command if any argument prefixed with - or looks like a URL\nif [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then\n  set -- curl "$@"\nfi\n\nexec "$@"\n',
        { mode: 0o755 },
      );
    },
  },
  {
    names: ["jessie-dnsutils", "dnsutils"],
    base: "debian",
    version: "1.7",
    sizeBytes: 112_000_000,
    config: () => ({ cmd: ["sleep", "infinity"] }),
    files(builder) {
      for (const tool of ["dig", "nslookup", "host"])
        addExecutable(builder, `/usr/bin/${tool}`, tool, 149_000, 4 * MIB);
    },
  },
  {
    names: ["netshoot", "nicolaka/netshoot"],
    base: "alpine",
    version: "0.14",
    sizeBytes: 195_000_000,
    config: () => ({ cmd: ["zsh"], workingDir: "/root" }),
    files(builder) {
      addExecutable(builder, "/bin/bash", "bash", 1_152_688, 2_400_000);
      addExecutable(builder, "/bin/zsh", "bash", 1_152_688, 2_400_000);
      for (const tool of ["curl", "dig", "nslookup", "host", "ss", "nc"])
        addExecutable(builder, `/usr/local/bin/${tool}`, tool, 149_000, 4 * MIB);
    },
  },
];
