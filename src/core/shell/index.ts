export * from './syscall.js';
