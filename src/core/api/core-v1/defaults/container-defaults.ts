import type {
  Container,
  EnvVar,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  Probe,
} from "../../generated/core-v1.js";
import { defaultPullPolicy } from "../image-reference.js";
import { changeEach, changeField, fillAbsent, fillEmpty } from "./fill.js";
import { defaultResources } from "./resource-defaults.js";

/** DEF-2, DEF-3: what both containers and ephemeral containers get. pkg/apis/core/v1/defaults.go SetDefaults_Container, 1.34 */
export function defaultContainer<T extends Container | EphemeralContainer>(container: T): T {
  const filled: Container | EphemeralContainer = fillEmpty<Container | EphemeralContainer>(
    container,
    {
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      ...(container.imagePullPolicy === undefined || container.imagePullPolicy === ""
        ? { imagePullPolicy: defaultPullPolicy(container.image ?? "") }
        : {}),
    },
  );
  const steps: ((value: Container | EphemeralContainer) => Container | EphemeralContainer)[] = [
    (value) => changeField(value, "ports", defaultPorts),
    (value) => changeField(value, "env", (env) => changeEach(env, defaultEnvVar)),
    (value) => changeField(value, "resources", defaultResources),
    (value) => changeField(value, "livenessProbe", defaultProbe),
    (value) => changeField(value, "readinessProbe", defaultProbe),
    (value) => changeField(value, "startupProbe", defaultProbe),
    (value) => changeField(value, "lifecycle", defaultLifecycle),
  ];
  return steps.reduce((value, step) => step(value), filled) as T;
}

function defaultPorts(ports: NonNullable<Container["ports"]>): NonNullable<Container["ports"]> {
  return changeEach(ports, (port) => fillEmpty(port, { protocol: "TCP" }));
}

function defaultEnvVar(variable: EnvVar): EnvVar {
  return changeField(variable, "valueFrom", (source) =>
    changeField(source, "fieldRef", (field) => fillEmpty(field, { apiVersion: "v1" })),
  );
}

/** DEF-4. SetDefaults_Probe, 1.34 */
function defaultProbe(probe: Probe): Probe {
  const filled = fillEmpty(probe, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const http = changeField(filled, "httpGet", defaultHttpGet);
  return changeField(http, "grpc", (grpc) => fillAbsent(grpc, { service: "" }));
}

function defaultLifecycle(lifecycle: Lifecycle): Lifecycle {
  const withHttp = (handler: LifecycleHandler): LifecycleHandler =>
    changeField(handler, "httpGet", defaultHttpGet);
  return changeField(changeField(lifecycle, "postStart", withHttp), "preStop", withHttp);
}

function defaultHttpGet(action: HTTPGetAction): HTTPGetAction {
  return fillEmpty(action, { path: "/", scheme: "HTTP" });
}
