export { ApiserverModule } from "./apiserver.module.js";
export { createHttpAdapter } from "./http/http-adapter.js";
export { OpenApiService } from "./openapi/openapi.service.js";
