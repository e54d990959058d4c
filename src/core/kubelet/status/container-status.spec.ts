import { describe, expect, it } from "vitest";
import type { ContainerStatus, Pod } from "../../api/index.js";
import type { RuntimeContainerStatus } from "../../runtime/index.js";
import { containerStatuses, type StartFailure } from "./container-status.js";

const previous: ContainerStatus = {
  name: "a",
  image: "a:1",
  imageID: "",
  ready: true,
  restartCount: 2,
  containerID: "containerd://old",
  state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
};

const exited: RuntimeContainerStatus = {
  id: "x",
  podUid: "u",
  sandboxId: "s",
  name: "a",
  attempt: 3,
  state: "exited",
  image: "docker.io/library/a:1",
  imageRef: "docker.io/library/a@sha256:1",
  createdAtMs: 0,
  startedAtMs: 0,
  finishedAtMs: 5000,
  exitCode: 1,
  reason: "Error",
  message: "",
  logPath: "",
};

const statusOf = (given: {
  readonly metadata?: Partial<Pod["metadata"]>;
  readonly restartPolicy?: string;
  readonly before?: readonly ContainerStatus[];
  readonly instances?: readonly RuntimeContainerStatus[];
  readonly failure?: StartFailure;
}): ContainerStatus | undefined =>
  containerStatuses({
    pod: {
      metadata: { name: "p", ...given.metadata },
      spec: { restartPolicy: given.restartPolicy ?? "Always", containers: [] },
    } as unknown as Pod,
    runtime: { sandboxes: [], containers: given.instances ?? [], ips: [] },
    previous: given.before ?? [],
    containers: [{ name: "a", image: "a:1" }],
    isInit: false,
    failureOf: () => given.failure ?? null,
    originOf: () => null,
    terminationMessageOf: ({ message }) => message,
  })[0];

const failure = { reason: "CrashLoopBackOff", message: "back-off 10s" };

describe("the status of a container", () => {
  it.each([
    { given: "is not deleted", metadata: {}, restartCount: 3 },
    {
      given: "is being deleted",
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
      restartCount: 2,
    },
  ])("NODE-11: one that ran and is nowhere, in a pod that $given", ({ metadata, restartCount }) => {
    expect(statusOf({ metadata, before: [previous] })).toMatchObject({
      restartCount,
      state: { waiting: { reason: "ContainerCreating" } },
      lastState: {
        terminated: {
          exitCode: 137,
          reason: "ContainerStatusUnknown",
          message:
            "The container could not be located when the pod was deleted.  The container used to be Running",
        },
      },
    });
  });

  it("RESTART-6, RESTART-7: Terminated until it is put off, then Waiting with that as lastState", () => {
    expect(statusOf({ instances: [exited] })?.state).toEqual({
      terminated: {
        exitCode: 1,
        reason: "Error",
        startedAt: "1970-01-01T00:00:00Z",
        finishedAt: "1970-01-01T00:00:05Z",
        containerID: "containerd://x",
      },
    });
    expect(statusOf({ instances: [exited], failure })).toMatchObject({
      state: { waiting: failure },
      lastState: { terminated: { exitCode: 1 } },
      restartCount: 3,
    });
  });

  it.each([
    { given: "Never", restartPolicy: "Never", metadata: {} },
    {
      given: "a deletion",
      restartPolicy: "Always",
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
    },
  ])("RESTART-14, TERM-12: under $given an end stays an end", ({ restartPolicy, metadata }) => {
    const status = statusOf({ restartPolicy, metadata, instances: [exited], failure });
    expect(status?.state?.terminated?.exitCode).toBe(1);
  });

  it("RESTART-8: of the runs before, the last one is lastState", () => {
    const running = { ...exited, id: "y", attempt: 4, state: "running" as const };
    const status = statusOf({ instances: [running, exited] });
    expect(status?.state?.running).toBeDefined();
    expect(status?.lastState?.terminated?.containerID).toBe("containerd://x");
    expect(status).toMatchObject({
      image: "docker.io/library/a:1",
      imageID: "docker.io/library/a@sha256:1",
    });
  });

  it("created but not started waits, without a reason", () => {
    const created = { ...exited, state: "created" as const };
    expect(statusOf({ instances: [created] })?.state).toEqual({ waiting: {} });
  });
});
