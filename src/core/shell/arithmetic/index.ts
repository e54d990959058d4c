export { evaluateArithmetic, type ArithmeticVariables } from "./evaluate.js";
export { ArithmeticError } from "./expression.js";
export { formatInteger, isZero, parseInteger, type Integer } from "./integer.js";
