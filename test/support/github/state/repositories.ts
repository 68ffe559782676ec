import type { FakeRepository } from './repository.js'

/** The repositories that exist, by number and by name. */
export class Repositories {
  readonly #byId = new Map<number, FakeRepository>()
  readonly #byName = new Map<string, FakeRepository>()
  readonly #formerNames = new Map<string, number>()

  add(repository: FakeRepository): void {
    this.#byId.set(repository.id, repository)
    this.#byName.set(repository.fullName.toLowerCase(), repository)
  }

  remove(repository: FakeRepository): void {
    this.#byId.delete(repository.id)
    this.#byName.delete(repository.fullName.toLowerCase())
  }

  /** Has this done to the name of a repository, and remembers the old one. */
  renaming(repository: FakeRepository, change: () => void): void {
    this.remove(repository)
    this.#formerNames.set(repository.fullName.toLowerCase(), repository.id)
    change()
    this.add(repository)
  }

  get(id: number): FakeRepository | undefined {
    return this.#byId.get(id)
  }

  /** By `owner/name`, without regard to case. */
  named(fullName: string): FakeRepository | undefined {
    return this.#byName.get(fullName.toLowerCase())
  }

  /** The number of the repository that had this name. */
  formerly(fullName: string): number | undefined {
    return this.#formerNames.get(fullName.toLowerCase())
  }

  all(): readonly FakeRepository[] {
    return [...this.#byId.values()]
  }
}
