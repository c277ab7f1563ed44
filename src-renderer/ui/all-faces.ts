// The whole typeface, in pieces that the browser fetches by the characters that it meets. Loaded when the first screen stands: its style sheet is longer
// than all of ours, and a start would read it before it draws anything.
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css'
