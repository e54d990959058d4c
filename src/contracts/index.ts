export { publishContracts } from "./publish-contracts.js";
export { ContractsModule } from "./contracts.module.js";
