import { describe, expect, it } from "vitest";
import type { PersistentVolumeClaim, Pod, PriorityClass } from "../../api/index.js";
import { aPod, refusalOf, RegistryFixture } from "../testing/registry-fixture.js";

const NOT_READY = {
  key: "node.kubernetes.io/not-ready",
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
};
const UNREACHABLE = { ...NOT_READY, key: "node.kubernetes.io/unreachable" };

describe("default tolerations", () => {
  it.each<[string, Pod["spec"]["tolerations"], unknown[]]>([
    ["none", undefined, [NOT_READY, UNREACHABLE]],
    [
      "one of them",
      [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
      [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }, UNREACHABLE],
    ],
    ["everything", [{ operator: "Exists" }], [{ operator: "Exists" }]],
    [
      "another effect",
      [{ operator: "Exists", effect: "NoSchedule" }],
      [{ operator: "Exists", effect: "NoSchedule" }, NOT_READY, UNREACHABLE],
    ],
  ])("DEF-8: a pod that tolerates %s", (_, tolerations, expected) => {
    const fixture = new RegistryFixture();
    const spec = tolerations === undefined ? {} : { tolerations };
    expect(fixture.create<Pod>("pods", aPod("x", spec)).spec.tolerations).toEqual(expected);
  });
});

describe("service accounts", () => {
  it("DEF-9: gives the default account and mounts its token in every container", () => {
    const fixture = new RegistryFixture();
    const pod = fixture.create<Pod>(
      "pods",
      aPod("x", { initContainers: [{ name: "init", image: "busybox" }] }),
    );
    const { spec } = pod;
    expect(spec).toMatchObject({ serviceAccountName: "default", serviceAccount: "default" });
    const name = spec.volumes?.[0]?.name ?? "";
    expect(name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(spec.volumes).toEqual([
      {
        name,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            {
              configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" },
            },
            {
              downwardAPI: {
                items: [
                  {
                    fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
                    path: "namespace",
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
    const mount = {
      mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
      name,
      readOnly: true,
    };
    for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
      expect(container.volumeMounts).toEqual([mount]);
    }
  });

  it("DEF-9: mounts nothing where something is mounted already, or when nobody wants it", () => {
    const fixture = new RegistryFixture();
    const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    const own = fixture.create<Pod>(
      "pods",
      aPod("own", {
        volumes: [{ name: "v", emptyDir: {} }],
        containers: [{ name: "app", image: "i", volumeMounts: [{ name: "v", mountPath }] }],
      }),
    );
    expect(own.spec.volumes).toHaveLength(1);
    const without = fixture.create<Pod>("pods", aPod("a", { automountServiceAccountToken: false }));
    expect(without.spec.volumes).toBeUndefined();
    fixture.create("serviceaccounts", {
      metadata: { name: "quiet" },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: "registry" }],
    });
    const quiet = fixture.create<Pod>("pods", aPod("b", { serviceAccountName: "quiet" }));
    expect(quiet.spec.volumes).toBeUndefined();
    expect(quiet.spec.imagePullSecrets).toEqual([{ name: "registry" }]);
  });

  it("DEF-9: refuses an account that is not there", () => {
    const fixture = new RegistryFixture();
    fixture.delete("serviceaccounts", "default");
    expect(refusalOf(() => fixture.create("pods", aPod("x"))).status).toMatchObject({
      code: 403,
      message:
        'pods "x" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    });
  });
});

describe("priority", () => {
  const withClass = (globalDefault: boolean): RegistryFixture => {
    const fixture = new RegistryFixture();
    fixture.create<PriorityClass>("priorityclasses.scheduling.k8s.io", {
      metadata: { name: "high" },
      value: 1000,
      globalDefault,
      preemptionPolicy: "Never",
    });
    return fixture;
  };

  it("DEF-10: is 0 without classes", () => {
    const { spec } = new RegistryFixture().create<Pod>("pods", aPod("x"));
    expect(spec).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
    expect(spec.priorityClassName).toBeUndefined();
  });

  it("DEF-10: comes from the class that is named, or from the default one", () => {
    const expected = { priorityClassName: "high", priority: 1000, preemptionPolicy: "Never" };
    const named = withClass(false).create<Pod>("pods", aPod("x", { priorityClassName: "high" }));
    expect(named.spec).toMatchObject(expected);
    const byDefault = withClass(true).create<Pod>("pods", aPod("x"));
    expect(byDefault.spec).toMatchObject(expected);
  });

  it.each<[string, Partial<Pod["spec"]>, string]>([
    [
      "a class that is not there",
      { priorityClassName: "low" },
      "no PriorityClass with name low was found",
    ],
    [
      "another number",
      { priority: 5 },
      "the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name",
    ],
    [
      "another policy",
      { preemptionPolicy: "Never" },
      "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name",
    ],
  ])("DEF-10: refuses %s", (_, spec, why) => {
    const fixture = new RegistryFixture();
    const { status } = refusalOf(() => fixture.create("pods", aPod("x", spec)));
    expect(status).toMatchObject({ code: 403, message: `pods "x" is forbidden: ${why}` });
  });

  it("has one default class at most", () => {
    const fixture = withClass(true);
    const { status } = refusalOf(() =>
      fixture.create("priorityclasses.scheduling.k8s.io", {
        metadata: { name: "other" },
        value: 1,
        globalDefault: true,
      }),
    );
    expect(status.message).toBe(
      'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass high is already marked as default. Only one default can exist',
    );
  });
});

describe("LimitRange", () => {
  const withLimits = (...limits: object[]): RegistryFixture => {
    const fixture = new RegistryFixture();
    fixture.create("limitranges", { metadata: { name: "l" }, spec: { limits } });
    return fixture;
  };
  const withResources = (resources: object): object =>
    aPod("x", { containers: [{ name: "app", image: "i", resources }] });

  it("gives defaults and says so in an annotation", () => {
    const fixture = withLimits({
      type: "Container",
      default: { cpu: "500m", memory: "64Mi" },
      defaultRequest: { cpu: "100m" },
    });
    const pod = fixture.create<Pod>("pods", withResources({ limits: { memory: "128Mi" } }));
    expect(pod.spec.containers[0]?.resources).toMatchObject({
      limits: { cpu: "500m", memory: "128Mi" },
      requests: { cpu: "100m" },
    });
    expect(pod.metadata.annotations).toEqual({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: cpu request for container app; cpu limit for container app",
    });
    expect(pod.status.qosClass).toBe("Burstable");
  });

  it.each<[object, object, string]>([
    [
      { type: "Container", min: { cpu: "100m" } },
      { requests: { cpu: "50m" } },
      "minimum cpu usage per Container is 100m, but request is 50m",
    ],
    [
      { type: "Pod", min: { memory: "1Mi" } },
      {},
      "minimum memory usage per Pod is 1Mi.  No request is specified",
    ],
    [
      { type: "Container", max: { cpu: "1" } },
      { requests: { cpu: "1" }, limits: { cpu: "2" } },
      "maximum cpu usage per Container is 1, but limit is 2",
    ],
    [
      { type: "Pod", max: { cpu: "1", memory: "1Gi" } },
      { limits: { cpu: "2" }, requests: { cpu: "2" } },
      "[maximum cpu usage per Pod is 1, but limit is 2, maximum memory usage per Pod is 1Gi.  No limit is specified]",
    ],
    [
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      { limits: { cpu: "3" }, requests: { cpu: "1" } },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
    ],
  ])("bounds: %o", (limit, resources, why) => {
    const fixture = withLimits(limit);
    const { status } = refusalOf(() => fixture.create("pods", withResources(resources)));
    expect(status).toMatchObject({ code: 403, message: `pods "x" is forbidden: ${why}` });
  });
});

describe("RuntimeClass", () => {
  it("adds its overhead, node selector and tolerations", () => {
    const fixture = new RegistryFixture();
    fixture.create("runtimeclasses.node.k8s.io", {
      metadata: { name: "kata" },
      handler: "kata",
      overhead: { podFixed: { cpu: "250m" } },
      scheduling: {
        nodeSelector: { kata: "yes" },
        tolerations: [{ key: "kata", operator: "Exists" }],
      },
    });
    const { spec } = fixture.create<Pod>("pods", aPod("x", { runtimeClassName: "kata" }));
    expect(spec.overhead).toEqual({ cpu: "250m" });
    expect(spec.nodeSelector).toEqual({ kata: "yes" });
    expect(spec.tolerations).toContainEqual({ key: "kata", operator: "Exists" });
    const clash = { runtimeClassName: "kata", nodeSelector: { kata: "no" } };
    expect(refusalOf(() => fixture.create("pods", aPod("y", clash))).status.message).toBe(
      'pods "y" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kata] = yes; pod.spec.nodeSelector[kata] = no',
    );
    const missing = { runtimeClassName: "gvisor" };
    expect(refusalOf(() => fixture.create("pods", aPod("y", missing))).status.message).toBe(
      'pods "y" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
    );
  });
});

describe("ResourceQuota", () => {
  const withQuota = (hard: object, spec: object = {}): RegistryFixture => {
    const fixture = new RegistryFixture();
    fixture.create("resourcequotas", { metadata: { name: "q" }, spec: { hard, ...spec } });
    return fixture;
  };
  const asking = (name: string, cpu: string): object =>
    aPod(name, { containers: [{ name: "app", image: "i", resources: { requests: { cpu } } }] });

  it("refuses one pod too many, and allows it again when one is gone", () => {
    const fixture = withQuota({ pods: "1" });
    fixture.create("pods", aPod("a"));
    expect(refusalOf(() => fixture.create("pods", aPod("b"))).status).toMatchObject({
      code: 403,
      message:
        'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    });
    fixture.delete("pods", "a");
    fixture.create("pods", aPod("b"));
  });

  it("counts compute resources, and insists on them", () => {
    const fixture = withQuota({ "requests.cpu": "1" });
    fixture.create("pods", asking("a", "600m"));
    expect(refusalOf(() => fixture.create("pods", asking("b", "500m"))).status.message).toBe(
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1',
    );
    expect(refusalOf(() => fixture.create("pods", aPod("c"))).status.message).toBe(
      'pods "c" is forbidden: failed quota: q: must specify requests.cpu for: app',
    );
  });

  it("counts objects of other kinds, and only pods in its scope", () => {
    const objects = withQuota({ "count/configmaps": "0", "services.nodeports": "1" });
    expect(refusalOf(() => objects.create("configmaps", { metadata: { name: "c" } })).code).toBe(
      403,
    );
    const ports = {
      type: "NodePort",
      ports: [
        { name: "a", port: 1 },
        { name: "b", port: 2 },
      ],
    };
    expect(
      refusalOf(() => objects.create("services", { metadata: { name: "s" }, spec: ports })).status
        .message,
    ).toContain("requested: services.nodeports=2, used: services.nodeports=0");
    const scoped = withQuota({ pods: "0" }, { scopes: ["NotBestEffort"] });
    scoped.create("pods", aPod("besteffort"));
    expect(refusalOf(() => scoped.create("pods", asking("x", "1"))).code).toBe(403);
  });
});

describe("storage classes of claims", () => {
  const aClass = (name: string, extra: object = {}): object => ({
    metadata: {
      name,
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "example.com/disk",
    ...extra,
  });
  const aClaim = (size: string, extra: object = {}): object => ({
    metadata: { name: "c" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } }, ...extra },
  });

  it("a claim without a class gets the newest default one", () => {
    const fixture = new RegistryFixture();
    fixture.create("storageclasses.storage.k8s.io", aClass("old"));
    fixture.pass(10);
    fixture.create("storageclasses.storage.k8s.io", aClass("new"));
    const claim = fixture.create<PersistentVolumeClaim>("persistentvolumeclaims", aClaim("1Gi"));
    expect(claim.spec.storageClassName).toBe("new");
    expect(claim.status.phase).toBe("Pending");
  });

  it("a claim that names one, or none on purpose, keeps it", () => {
    const fixture = new RegistryFixture();
    fixture.create("storageclasses.storage.k8s.io", aClass("default"));
    const claim = fixture.create<PersistentVolumeClaim>(
      "persistentvolumeclaims",
      aClaim("1Gi", { storageClassName: "" }),
    );
    expect(claim.spec.storageClassName).toBe("");
  });

  it("a bound claim grows only where its class allows it", () => {
    const grown = (allowVolumeExpansion: boolean) => {
      const fixture = new RegistryFixture();
      fixture.create("storageclasses.storage.k8s.io", aClass("disk", { allowVolumeExpansion }));
      fixture.create("persistentvolumeclaims", aClaim("1Gi"));
      const bound = { status: { phase: "Bound" } };
      fixture.patch("persistentvolumeclaims", "c", "merge", bound, { subresource: "status" });
      return () =>
        fixture.patch<PersistentVolumeClaim>("persistentvolumeclaims", "c", "merge", {
          spec: { resources: { requests: { storage: "2Gi" } } },
        });
    };
    expect(grown(true)().spec.resources?.requests).toEqual({ storage: "2Gi" });
    expect(refusalOf(grown(false)).status.message).toContain(
      "only dynamically provisioned pvc can be resized",
    );
  });
});
