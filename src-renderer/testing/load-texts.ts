// A test finds both catalogues loaded, as a page that has been there for a while.
import { loadAllTexts } from '../texts/catalogue.ts'

await loadAllTexts()
