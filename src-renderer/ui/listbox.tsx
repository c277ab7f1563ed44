// What a field offers to choose from, while the focus stays in the field: it says which option is active (`comboboxProps`). What is in the list, and
// which keys lead through it, is its owner's.
import type { ButtonHTMLAttributes, CSSProperties, ReactNode, Ref } from 'react'

/** What the field with such a list carries. An option's id is `${id}-${number}`. */
export function comboboxProps(id: string, open: boolean, active: number | null) {
  return {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': open,
    'aria-controls': open ? id : undefined,
    'aria-activedescendant': open && active !== null ? `${id}-${active}` : undefined
  } as const
}

interface ListboxProps {
  id: string
  label: string
  className?: string | undefined
  style?: CSSProperties
  /** Whether more than one can be chosen: then `selected` is what is chosen, and not where the keys have led. */
  several?: boolean
  ref?: Ref<HTMLDivElement>
  children: ReactNode
}

export function Listbox({ label, several, ...rest }: ListboxProps) {
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no element of HTML is a list that another field leads through
  return <div role="listbox" aria-label={label} aria-multiselectable={several} {...rest} />
}

type OptionProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'role'> & {
  selected: boolean
  ref?: Ref<HTMLButtonElement>
}

/** Never takes the focus: not by Tab, and not when it is pressed. */
export function Option({ selected, ...rest }: OptionProps) {
  return (
    <button
      type="button"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- of such a list
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onMouseDown={(event) => event.preventDefault()}
      {...rest}
    />
  )
}

/** Where Up and Down lead in a list of `count`, round and round, and the page keys; null when the key is none of them. */
export function stepInList(active: number, count: number, key: string): number | null {
  if (count === 0) return null
  switch (key) {
    case 'ArrowDown':
      return (active + 1) % count
    case 'ArrowUp':
      return (active - 1 + count) % count
    case 'PageDown':
      return Math.min(active + PAGE, count - 1)
    case 'PageUp':
      return Math.max(active - PAGE, 0)
    default:
      return null
  }
}

const PAGE = 8
