/** The version of `/sim/v1` and of the stream. */
export const SIM_API_VERSION = "1.0.0";
