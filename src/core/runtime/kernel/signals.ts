import { SIGNAL_NUMBERS, type SignalName } from "../../shell/index.js";

export const signalBit = (signal: SignalName): number => 1 << (SIGNAL_NUMBERS[signal] - 1);

/** What a signal does to a process that has not said otherwise: signal(7), "Standard signals". */
export const defaultAction = (signal: SignalName): "terminate" | "ignore" | "stop" | "continue" => {
  switch (signal) {
    case "CHLD":
    case "URG":
    case "WINCH":
      return "ignore";
    case "STOP":
    case "TSTP":
    case "TTIN":
    case "TTOU":
      return "stop";
    case "CONT":
      return "continue";
    default:
      return "terminate";
  }
};
