import { describe, expect, it } from "vitest";
import type { PodTemplateSpec } from "../../api/index.js";
import { printGo } from "./go-printer.js";
import { podTemplateHash } from "./pod-template-hash.js";

const templateOf = (image: string, more: object = {}): PodTemplateSpec => ({
  metadata: { labels: { app: "nginx" } },
  spec: {
    containers: [
      {
        name: "nginx",
        image,
        imagePullPolicy: image.includes(":") ? "IfNotPresent" : "Always",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        ...more,
      },
    ],
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  },
});

describe("podTemplateHash", () => {
  it.each<[string, PodTemplateSpec, number | undefined, string]>([
    // What clusters of 1.34 call the first replica set of `kubectl create deployment nginx --image=nginx`.
    ["of kubectl create deployment", templateOf("nginx"), undefined, "66686b6766"],
    [
      "of the documentation's example",
      templateOf("nginx:1.14.2", { ports: [{ containerPort: 80, protocol: "TCP" }] }),
      undefined,
      "bf744486c",
    ],
  ])("%s", (_name, template, collisions, hash) => {
    expect(podTemplateHash(template, collisions)).toBe(hash);
  });

  it("empty lists and maps are none, and a collision gives another hash", () => {
    const plain = podTemplateHash(templateOf("nginx"), undefined);
    expect(podTemplateHash(templateOf("nginx", { args: [], env: [] }), undefined)).toBe(plain);
    const hashes = [undefined, 0, 1, 2].map((count) => podTemplateHash(templateOf("nginx"), count));
    expect(new Set(hashes).size).toBe(4);
  });
});

describe("printGo", () => {
  it.each<[string, string]>([
    [
      "500m",
      "{i:(resource.int64Amount){value:(int64)500 scale:(resource.Scale)-3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)500m Format:(resource.Format)DecimalSI}",
    ],
    [
      "0.5",
      "{i:(resource.int64Amount){value:(int64)500 scale:(resource.Scale)-3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)500m Format:(resource.Format)DecimalSI}",
    ],
    [
      "64Mi",
      "{i:(resource.int64Amount){value:(int64)67108864 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string) Format:(resource.Format)BinarySI}",
    ],
    [
      "100Mi",
      "{i:(resource.int64Amount){value:(int64)104857600 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)100Mi Format:(resource.Format)BinarySI}",
    ],
    [
      "0",
      "{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)0 Format:(resource.Format)DecimalSI}",
    ],
    [
      "1Pi",
      "{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec){unscaled:(big.Int){neg:(bool)false abs:(big.nat)[2882303761517117440 61035]} scale:(inf.Scale)9}} s:(string) Format:(resource.Format)BinarySI}",
    ],
  ])("a quantity of %s as apimachinery keeps it", (text, expected) => {
    expect(printGo({ cpu: text }, "v1.ResourceList")).toBe(`(v1.ResourceList)map[cpu:${expected}]`);
  });

  it("pointers, embedded structs, numbers or texts", () => {
    const probe = { httpGet: { port: "web" }, periodSeconds: 3 };
    const text = printGo(probe, "*v1.Probe");
    expect(text).toMatch(
      /^\(\*v1\.Probe\)\{ProbeHandler:\(v1\.ProbeHandler\)\{Exec:\(\*v1\.ExecAction\)<nil> HTTPGet:\(\*v1\.HTTPGetAction\)\{Path:\(string\) Port:\(intstr\.IntOrString\)\{Type:\(intstr\.Type\)1 IntVal:\(int32\)0 StrVal:\(string\)web\} /,
    );
    expect(text).toContain(" PeriodSeconds:(int32)3 ");
    expect(text).toMatch(/ TerminationGracePeriodSeconds:\(\*int64\)<nil>\}$/);
  });
});
