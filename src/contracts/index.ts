export { publishContracts } from "./publish-contracts.js";
export { asyncApiDocument } from "./async-api.js";
export { ContractsModule } from "./contracts.module.js";
