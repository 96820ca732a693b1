// Puts files one after the other into a tree: folders and file names are its nodes, index.yaml and README.md speak of their folder.
import type { FindingList } from './finding-list.ts'
import { COMMON_KEYS } from './known-keys.ts'
import { lintFile } from './lint-file.ts'
import { emptyNode, type RawNode } from './raw-tree.ts'
import { addChild, join, readChild } from './read-file.ts'
import { readCommon, unknownKey } from './read-metadata.ts'
import { readYaml, type SourceFile, type YamlFile } from './read-yaml.ts'

const YAML = /\.ya?ml$/i
const README = /(?:^|\/)README\.md$/i

/** True of files that are part of a tree; all others are passed over. */
export const isTreeFile = (path: string): boolean => YAML.test(path) || README.test(path)

export class RawReader {
  readonly root: RawNode = emptyNode('')
  /** Files read. */
  files = 0
  readonly #findings: FindingList
  readonly #knownOn: (from: string) => string

  constructor(findings: FindingList, knownOn: (from: string) => string) {
    this.#findings = findings
    this.#knownOn = knownOn
  }

  add(source: SourceFile): void {
    const segments = source.path.split('/').filter((segment) => segment !== '' && segment !== '.')
    const name = segments.pop() ?? ''
    if (!isTreeFile(name)) return
    this.files++
    const folder = this.#folder(segments, source.path)
    if (!folder) return
    if (README.test(name)) readReadme(folder, source.text)
    else if (/^index\.ya?ml$/i.test(name)) this.#readIndex(folder, source)
    else this.#readFile(folder, name.replace(YAML, ''), source)
  }

  #folder(segments: readonly string[], path: string): RawNode | undefined {
    let node = this.root
    for (const segment of segments) {
      const key = segment.replace(/[^A-Za-z0-9_-]/g, '_')
      if (!node.children.has(key)) addChild(node, segment, emptyNode(path), path, this.#findings)
      const child = node.children.get(key)!
      if (child.is !== 'node') {
        this.#findings.error(
          'DUPLICATE_ID',
          path,
          `"${key}" is a folder, and at ${child.place} it has values`,
          'rename one',
        )
        return undefined
      }
      node = child
    }
    return node
  }

  #readFile(folder: RawNode, name: string, source: SourceFile): void {
    const outcome = this.#parse(source)
    if (!outcome) return
    const child = readChild(outcome.root, 0, this.#context(outcome))
    if (!child) return
    lintFile(child, outcome.place(0), this.#findings)
    addChild(folder, name, child, outcome.place(0), this.#findings)
  }

  /** Only the common keys: what else stands there is no child. */
  #readIndex(folder: RawNode, source: SourceFile): void {
    const file = this.#parse(source)
    if (file?.root.is !== 'map') return
    for (const entry of file.root.entries)
      if (!(COMMON_KEYS as readonly string[]).includes(entry.key)) unknownKey(entry, COMMON_KEYS, file, this.#findings)
    const said = { ...emptyNode(file.place(0)), ...readCommon(file.root, file, this.#findings) }
    // The index says it against the README, and against a file that is called as the folder is.
    folder.description = said.description ?? folder.description
    folder.metadata = { ...folder.metadata, ...said.metadata }
    folder.place = said.place
    join(folder, said, this.#findings)
  }

  #context(file: YamlFile) {
    return { file, findings: this.#findings, knownOn: this.#knownOn }
  }

  #parse(source: SourceFile): YamlFile | undefined {
    const outcome = readYaml(source)
    if ('file' in outcome) return outcome.file
    for (const fault of outcome.faults) this.#findings.add(fault)
    return undefined
  }
}

/** The first heading is the label, the rest the description. */
function readReadme(folder: RawNode, text: string): void {
  const lines = text.split(/\r?\n/)
  const heading = lines.findIndex((line) => /^#+\s+\S/.test(line))
  const label =
    heading < 0
      ? undefined
      : lines[heading]!.replace(/^#+\s+/, '')
          .replace(/\s+#*\s*$/, '')
          .trim()
  const rest = lines
    .filter((_, i) => i !== heading)
    .join('\n')
    .trim()
  folder.label ??= label
  if (rest !== '') folder.description ??= rest
}
