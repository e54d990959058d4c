import { execFile, execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder, type Service } from "./service.js";

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kubectl {
  /** `1.30`, or the version of the one on the PATH. */
  readonly version: string;
  run(
    service: Service,
    args: readonly string[],
    options?: {
      readonly input?: string;
      readonly env?: Record<string, string>;
      /** After which it is killed. */
      readonly timeoutMs?: number;
    },
  ): Promise<KubectlResult>;
}

/** Releases that an SDK ships beside its kubectl, of those we promise to work with. */
const WANTED_MINORS = [27, 30, 33];

/**
 * The kubectl of the machine, and the wanted releases that lie beside it. A machine without any cannot run these tests: that is an error, never a
 * silent skip.
 */
export const findKubectls = (wantedMinors = WANTED_MINORS): readonly Kubectl[] => {
  const plain = pathOfKubectl();
  const beside = wantedMinors.map((minor) => ({
    version: `1.${minor}`,
    path: join(dirname(plain), `kubectl.1.${minor}`),
  }));
  const found = beside.filter(({ path }) => existsSync(path));
  return (found.length > 0 ? found : [{ version: "on the PATH", path: plain }]).map(asKubectl);
};

const pathOfKubectl = (): string => {
  try {
    return realpathSync(execFileSync("which", ["kubectl"], { encoding: "utf8" }).trim());
  } catch {
    throw new Error(
      "these tests need kubectl on the PATH (Debian: apt-get install kubernetes-client)",
    );
  }
};

const asKubectl = ({ version, path }: { version: string; path: string }): Kubectl => {
  const home = temporaryFolder();
  return {
    version,
    run: (service, args, { input, env = {}, timeoutMs = 60_000 } = {}) =>
      new Promise((resolve) => {
        const child = execFile(
          path,
          ["--server", service.url, ...args],
          {
            timeout: timeoutMs,
            maxBuffer: 1 << 26,
            env: { ...process.env, KUBECONFIG: "/dev/null", HOME: home, ...env },
          },
          (error, stdout, stderr) => {
            const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
            resolve({ code, stdout, stderr });
          },
        );
        child.stdin?.end(input ?? "");
      }),
  };
};
