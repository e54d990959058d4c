import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findKubectls, type KubectlResult } from "./support/kubectl.js";
import { startService, temporaryFolder, type Service } from "./support/service.js";

const folder = temporaryFolder();

/** A file with this content. */
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const manifest = (labels: string, image = "nginx:1.27"): string => `
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: ${labels}
spec:
  terminationGracePeriodSeconds: 5
  containers:
    - name: web
      image: ${image}
      ports:
        - containerPort: 80
`;

/** What users do with kubectl, with each release that is promised. */
describe.each(findKubectls())("kubectl $version", (kubectl) => {
  let service: Service;

  const run = (line: string, input?: string, env?: Record<string, string>) =>
    kubectl.run(service, line.split(" "), {
      ...(input === undefined ? {} : { input }),
      ...(env === undefined ? {} : { env }),
    });

  /** Runs it, wants it to succeed without a word of complaint, and gives what it printed. */
  const good = async (line: string, input?: string, env?: Record<string, string>) => {
    const result = await run(line, input, env);
    expect(result, line).toMatchObject({ code: 0, stderr: "" });
    return result.stdout;
  };

  const failed = async (line: string, input?: string): Promise<KubectlResult> => {
    const result = await run(line, input);
    expect(result.code, line).not.toBe(0);
    return result;
  };

  const json = async (line: string) =>
    JSON.parse(await good(`${line} -o json`)) as {
      metadata: Record<string, Record<string, string>>;
      spec: { containers: { image: string }[]; unschedulable?: boolean };
    };

  beforeAll(async () => {
    service = await startService({ PEAPOD_CLOCK: "x10", PEAPOD_NODES: "2" });
    await good("apply -f -", manifest("{ app: web }"));
    await good("wait --for=condition=Ready pod/web --timeout=60s");
  });
  afterAll(() => service.stop());

  describe("reads", () => {
    it("prints tables, narrow and wide", async () => {
      expect(await good("get pods")).toMatch(
        /^NAME +READY +STATUS +RESTARTS +AGE\nweb +1\/1 +Running +0 +\S+\n$/,
      );
      expect(await good("get pods -A -o wide --show-labels")).toMatch(
        /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES +LABELS\ndefault +web .* app=web\n$/,
      );
      expect(await good("get nodes -o wide")).toMatch(
        /^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP/,
      );
      expect(await good("get all")).toContain("pod/web");
    });

    it("selects, sorts and pages", async () => {
      expect(await good("get pods -l app=web -o name")).toBe("pod/web\n");
      expect((await run("get pods -l app=other")).stderr).toBe(
        "No resources found in default namespace.\n",
      );
      expect(await good("get pods --field-selector=status.phase=Running -o name")).toBe(
        "pod/web\n",
      );
      expect(await good("get namespaces --chunk-size=1 --sort-by=.metadata.name -o name")).toBe(
        "namespace/default\nnamespace/kube-node-lease\nnamespace/kube-public\nnamespace/kube-system\n",
      );
    });

    it("prints YAML, JSON paths and templates", async () => {
      expect(await good("get pod web -o yaml")).toContain("kind: Pod\nmetadata:\n");
      expect(await good("get pod web -o jsonpath={.status.phase}")).toBe("Running");
      expect(await good("get pod web -o go-template={{.spec.nodeName}}")).toMatch(/^node-\d$/);
      expect(await good("get pod web -o custom-columns=N:.metadata.name")).toBe("N\nweb\n");
    });

    it("describes pods and nodes", async () => {
      const pod = await good("describe pod web");
      for (const text of ["Node: ", "Container ID:   containerd://", "Started container web"])
        expect(pod).toContain(text);
      const node = await good("describe node node-1");
      for (const text of ["Allocatable:", "Lease:", "Non-terminated Pods:", "KubeletReady"])
        expect(node).toContain(text);
    });

    it("shows events and logs", async () => {
      expect(await good("get events --field-selector=involvedObject.name=web")).toContain(
        "Successfully assigned default/web to node-",
      );
      expect(await good("events --for pod/web")).toContain("Started container web");
      expect((await run("logs web")).code).toBe(0);
    });

    it("knows what the server is", async () => {
      expect((await run("version")).stdout).toMatch(/^Server Version: .*v1\.34\.0/m);
      const resources = await good("api-resources --no-headers");
      expect(resources).toMatch(/^pods +po +v1 +true +Pod$/m);
      expect(resources).toMatch(/^nodes +no +v1 +false +Node$/m);
      expect(await good("api-versions")).toContain("coordination.k8s.io/v1\n");
      expect(JSON.parse(await good("get --raw /version"))).toMatchObject({ gitVersion: "v1.34.0" });
      expect(await good("get --raw /readyz")).toBe("ok");
    });

    it("explains fields", async () => {
      const explained = await good("explain pod.spec.initContainers");
      expect(explained).toMatch(/FIELD: +initContainers <\[\]Container>/);
      expect(explained).toMatch(/^ {2}restartPolicy\t<string>/m);
      expect(await good("explain pod --recursive")).toContain("terminationGracePeriodSeconds");
      expect((await failed("explain pod.spec.nothing")).stderr).toContain("does not exist");
    });
  });

  describe("changes", () => {
    beforeEach(async () => {
      await good("apply -f -", manifest("{ app: web }"));
    });

    it("labels and annotates", async () => {
      expect(await good("label pod web tier=front")).toBe("pod/web labeled\n");
      expect((await failed("label pod web tier=back")).stderr).toContain(
        "already has a value (front)",
      );
      expect(await good("label pod web tier=back --overwrite")).toBe("pod/web labeled\n");
      expect(await good("label pod web tier-")).toBe("pod/web unlabeled\n");
      // 1.27 says "annotate".
      expect(await good("annotate pod web note=hello")).toMatch(/^pod\/web annotated?\n$/);
      expect((await json("get pod web")).metadata.annotations).toMatchObject({ note: "hello" });
      await good("annotate pod web note-");
    });

    it("patches in all types", async () => {
      const patch = (type: string, body: string) =>
        kubectl.run(service, ["patch", "pod", "web", `--type=${type}`, "-p", body]);
      for (const [type, body] of [
        ["strategic", '{"metadata":{"labels":{"s":"1"}}}'],
        ["merge", '{"metadata":{"labels":{"m":"1"}}}'],
        ["json", '[{"op":"add","path":"/metadata/labels/j","value":"1"}]'],
      ] as const)
        expect(await patch(type, body)).toMatchObject({ code: 0, stdout: "pod/web patched\n" });
      expect((await json("get pod web")).metadata.labels).toMatchObject({ s: "1", m: "1", j: "1" });
      expect((await patch("strategic", '{"spec":{"hostNetwork":true}}')).stderr).toContain(
        "pod updates may not change fields other than",
      );
    });

    // A pod of its own: kubectl's replace takes all that it sends for applied, so that a later apply would take it away.
    it("replaces, sets an image and edits", async () => {
      await good("create -f -", manifest("{ app: web }").replace("name: web", "name: other"));
      // Until then its status changes, and each change is a conflict.
      await good("wait --for=condition=Ready pod/other --timeout=60s");
      const other = await good("get pod other -o json");
      expect(await good("replace -f -", other)).toBe("pod/other replaced\n");
      expect(await good("set image pod/other web=nginx:1.28")).toBe("pod/other image updated\n");
      expect((await json("get pod other")).spec.containers[0]?.image).toBe("nginx:1.28");
      const editor = file(
        "editor.sh",
        '#!/bin/sh\nsed -i "s/^    app: web$/    app: edited/" "$1"\n',
      );
      chmodSync(editor, 0o755);
      expect(await good("edit pod other", "", { EDITOR: editor })).toBe("pod/other edited\n");
      expect((await json("get pod other")).metadata.labels).toMatchObject({ app: "edited" });
      await run("delete pod other --force");
    });

    it("applies again, shows the difference, and applies on the server", async () => {
      expect(await good("apply -f -", manifest("{ app: web }"))).toBe("pod/web unchanged\n");
      const changed = file("changed.yaml", manifest("{ app: web, new: label }"));
      const difference = await run(`diff -f ${changed}`);
      expect(difference.code).toBe(1);
      expect(difference.stdout).toMatch(/^\+ {4}new: label$/m);
      expect(await good(`apply --dry-run=server -f ${changed}`)).toBe(
        "pod/web configured (server dry run)\n",
      );
      expect(await good(`apply -f ${changed}`)).toBe("pod/web configured\n");
      expect((await run(`diff -f ${changed}`)).code).toBe(0);
      expect(await good(`apply --server-side --force-conflicts -f ${changed}`)).toBe(
        "pod/web serverside-applied\n",
      );
      const conflicting = file("conflicting.yaml", manifest("{ app: conflict, new: label }"));
      const conflict = await failed(`apply --server-side --field-manager=other -f ${conflicting}`);
      expect(conflict.stderr).toContain('conflict with "kubectl"');
      expect(await good("get pod web --show-managed-fields -o yaml")).toContain(
        "manager: kubectl\n",
      );
    });

    it("creates namespaces, config maps, secrets and the rest", async () => {
      expect(await good("create namespace made")).toBe("namespace/made created\n");
      expect(await good("create configmap -n made c --from-literal=a=b")).toBe(
        "configmap/c created\n",
      );
      expect(await good("create secret generic -n made s --from-literal=a=b")).toBe(
        "secret/s created\n",
      );
      expect(await good("get configmap c -n made -o jsonpath={.data.a}")).toBe("b");
      expect(await good("get secret s -n made -o jsonpath={.data.a}")).toBe("Yg==");
      expect(await good("create serviceaccount -n made robot")).toBe(
        "serviceaccount/robot created\n",
      );
      expect(await good("create token robot -n made")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]*\n?$/);
      expect(await good("create quota -n made q --hard=pods=5")).toBe("resourcequota/q created\n");
      expect(await good("create service clusterip -n made v --tcp=80:8080")).toBe(
        "service/v created\n",
      );
      expect(await good("create pdb -n made b --selector=a=b --min-available=1")).toBe(
        "poddisruptionbudget.policy/b created\n",
      );
      expect(await good("delete namespace made")).toBe('namespace "made" deleted\n');
      expect((await failed("get namespace made")).stderr).toBe(
        'Error from server (NotFound): namespaces "made" not found\n',
      );
    });

    it("cordons and drains", async () => {
      expect(await good("cordon node-2")).toBe("node/node-2 cordoned\n");
      expect((await json("get node node-2")).spec.unschedulable).toBe(true);
      const drained = await run("drain node-2 --ignore-daemonsets --force");
      expect(drained).toMatchObject({ code: 0 });
      expect(drained.stdout).toMatch(/node\/node-2 drained\n$/);
      expect(await good("uncordon node-2")).toBe("node/node-2 uncordoned\n");
    });
  });

  describe("deletes", () => {
    const sleeper = (name: string) =>
      good(`run ${name} --image=busybox --restart=Never -- sleep 1000`);
    const running = (name: string) =>
      good(`wait --for=jsonpath={.status.phase}=Running pod/${name} --timeout=60s`);

    it("waits for the grace period, and does not with --force", async () => {
      await sleeper("one");
      await running("one");
      const begunMs = performance.now();
      expect(await good("delete pod one")).toContain('pod "one" deleted');
      // 30 virtual seconds at ten times the speed: sleep as process 1 has no handler for TERM.
      expect(performance.now() - begunMs).toBeGreaterThan(2_500);
      await sleeper("two");
      await running("two");
      const forced = await run("delete pod two --force");
      expect(forced.stdout).toContain('pod "two" force deleted');
      expect((await failed("get pod two")).stderr).toContain('pods "two" not found');
    });

    it("deletes by label and all of a kind", async () => {
      await good("create configmap a --from-literal=x=y");
      await good("create configmap b --from-literal=x=y");
      await good("label configmap a b group=gone");
      expect(await good("delete configmap -l group=gone")).toContain('configmap "b" deleted');
    });
  });

  describe("is told what is wrong", () => {
    const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\n";

    it("of fields that do not exist, strictly, as a warning, or not at all", async () => {
      const text = `${POD}spec: {containers: [{name: c, image: x, foo: bar}]}\n`;
      expect((await failed("create -f -", text)).stderr).toContain(
        'strict decoding error: unknown field "spec.containers[0].foo"',
      );
      const warned = await run("create --validate=warn -f -", text);
      expect(warned.stderr).toContain('Warning: unknown field "spec.containers[0].foo"');
      await good("delete pod bad --force --grace-period=0").catch(() => undefined);
    });

    it("of objects that are not valid, taken or gone", async () => {
      expect((await failed("create -f -", `${POD}spec: {containers: []}\n`)).stderr).toContain(
        "spec.containers: Required value",
      );
      expect((await failed("create -f -", manifest("{}"))).stderr).toContain(
        'Error from server (AlreadyExists): error when creating "STDIN": pods "web" already exists',
      );
      expect((await failed("get pod nosuch")).stderr).toBe(
        'Error from server (NotFound): pods "nosuch" not found\n',
      );
      expect((await failed("get widgets")).stderr).toBe(
        'error: the server doesn\'t have a resource type "widgets"\n',
      );
    });
  });
});
