import { describe, expect, it } from "vitest";
import { TestCluster } from "../testing/test-cluster.js";
import { withDefaultTag } from "./image-reference.js";

const pod = (image: string, imagePullPolicy = "IfNotPresent"): Record<string, unknown> => ({
  containers: [{ name: "app", image, imagePullPolicy }],
});

const waitingMessage = (cluster: TestCluster): string | undefined =>
  cluster.livePod().status.containerStatuses?.[0]?.state?.waiting?.message;

describe("image pulls", () => {
  it("IMG-1, IMG-2, CRE-5: the events of a pull, about the container", () => {
    const cluster = new TestCluster({ images: { "app:1": { pullMs: 1234 } } });
    cluster.createPod(pod("app:1"));
    cluster.runSeconds(5);
    expect(cluster.eventTexts()).toEqual([
      'Normal Pulling: Pulling image "app:1"',
      'Normal Pulled: Successfully pulled image "app:1" in 1.234s (1.234s including waiting). Image size: 1000 bytes.',
      "Normal Created: Created container: app",
      "Normal Started: Started container app",
    ]);
    expect(cluster.events()[0]?.involvedObject.fieldPath).toBe("spec.containers{app}");
    expect(cluster.events()[0]?.source).toEqual({ component: "kubelet", host: "node-1" });
  });

  it("IMG-2: events name the image as the pod does, what is pulled has a tag", () => {
    const cluster = new TestCluster({ images: { "app:latest": { pullMs: 1000 } } });
    cluster.createPod(pod("app"));
    cluster.runSeconds(5);
    expect(cluster.eventTexts().slice(0, 2)).toEqual([
      'Normal Pulling: Pulling image "app"',
      'Normal Pulled: Successfully pulled image "app" in 1s (1s including waiting). Image size: 1000 bytes.',
    ]);
  });

  it.each([
    { policy: "IfNotPresent", first: "Pulled" },
    { policy: "Never", first: "Pulled" },
    { policy: "Always", first: "Pulling" },
  ])("IMG-2: an image that is there, under $policy: $first", ({ policy, first }) => {
    const cluster = new TestCluster({ images: { "app:1": { isPresent: true } } });
    cluster.createPod(pod("app:1", policy));
    cluster.runSeconds(5);
    expect(cluster.events()[0]?.reason).toBe(first);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("IMG-3, IMG-4, IMG-8: a pull that fails, then is put off; the pod stays Pending", () => {
    const cluster = new TestCluster({ images: { "app:1": { errors: ["no such image"] } } });
    cluster.createPod({ restartPolicy: "Never", ...pod("app:1") });
    cluster.runSeconds(1);
    expect(waitingMessage(cluster)).toBe("no such image");
    cluster.runSeconds(15);
    expect(cluster.waitingReasons("app")).toEqual([
      "ContainerCreating",
      "ErrImagePull",
      "ImagePullBackOff",
    ]);
    const texts = cluster.eventTexts().join("\n");
    expect(texts).toContain('Warning Failed: Failed to pull image "app:1": no such image');
    expect(texts).toContain("Warning Failed: Error: ErrImagePull");
    expect(texts).toContain('Normal BackOff: Back-off pulling image "app:1"');
    expect(texts).toContain("Warning Failed: Error: ImagePullBackOff");
    const messages = cluster
      .statuses()
      .map(({ containerStatuses }) => containerStatuses?.[0]?.state?.waiting?.message);
    expect(messages).toContain('Back-off pulling image "app:1": ErrImagePull: no such image');
    expect(cluster.livePod().status).toMatchObject({ phase: "Pending" });
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it("IMG-5: tried again after 10, 20, 40, 80, 160 and 300 s, never sooner", () => {
    const cluster = new TestCluster({ images: { "app:1": { errors: ["no"], pullMs: 0 } } });
    cluster.createPod(pod("app:1"));
    cluster.runSeconds(1200);
    const pulls = cluster.runtime.images.pulledAtMs;
    const gaps = pulls.slice(1).map((atMs, index) => (atMs - (pulls[index] ?? 0)) / 1000);
    [10, 20, 40, 80, 160, 300].forEach((seconds, index) => {
      expect(gaps[index]).toBeGreaterThanOrEqual(seconds);
      expect(gaps[index]).toBeLessThan(seconds + 16);
    });
  });

  it("IMG-6: Never, and not there", () => {
    const cluster = new TestCluster();
    cluster.createPod(pod("app:1", "Never"));
    cluster.runSeconds(3);
    const text = 'Container image "app:1" is not present with pull policy of Never';
    expect(cluster.waitingReasons("app")).toEqual(["ContainerCreating", "ErrImageNeverPull"]);
    expect(waitingMessage(cluster)).toBe(text);
    expect(cluster.eventTexts().join("\n")).toContain(`Warning ErrImageNeverPull: ${text}`);
  });

  it("IMG-7: a name that is none", () => {
    const cluster = new TestCluster();
    cluster.createPod(pod("app::1"));
    cluster.runSeconds(3);
    const text =
      'Failed to apply default image tag "app::1": couldn\'t parse image name "app::1": invalid reference format';
    expect(cluster.waitingReasons("app")).toEqual(["ContainerCreating", "InvalidImageName"]);
    expect(cluster.eventTexts().join("\n")).toContain(`Warning InspectFailed: ${text}`);
  });

  it.each([
    ["app", "app:latest"],
    ["app:1", "app:1"],
    ["host:5000/app", "host:5000/app:latest"],
    [`app@sha256:${"0".repeat(64)}`, `app@sha256:${"0".repeat(64)}`],
  ])("puts a tag behind a bare name: %s is %s", (given, image) => {
    expect(withDefaultTag(given)).toEqual({ error: null, image });
  });

  it("RESTART-1: one pull at a time on a node", () => {
    const cluster = new TestCluster({
      images: { "a:1": { pullMs: 10_000 }, "b:1": { pullMs: 1000 } },
    });
    cluster.createPod(pod("a:1"), { name: "a" });
    cluster.createPod(pod("b:1"), { name: "b" });
    cluster.runSeconds(20);
    expect(cluster.eventTexts().join("\n")).toContain(
      'Successfully pulled image "b:1" in 1s (11s including waiting)',
    );
  });
});
