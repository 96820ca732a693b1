export function abi(): u32 { return 1 }
