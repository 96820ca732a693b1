// The part of the WebAssembly JavaScript interface that kernels use; Node's own types leave it to the DOM library.

declare namespace WebAssembly {
  interface ModuleImportDescriptor {
    readonly kind: 'function' | 'global' | 'memory' | 'table'
    readonly module: string
    readonly name: string
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
    static imports(module: Module): ModuleImportDescriptor[]
    static exports(module: Module): { readonly kind: string; readonly name: string }[]
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
  class Memory {
    constructor(limits: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class RuntimeError extends Error {}
  class LinkError extends Error {}
}
