"""Texts of the reading stage: what is said of files that are no YAML, or more YAML than a policy may use."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["READING"]

READING: dict[str, Entry] = {
    # --- the file as a whole ---
    "file-too-big": Entry(
        en=Text("the file has more than {limit} bytes", "split the programme into several policies"),
        zh=Text("文件超过 {limit} 字节", "请把会员计划拆成几份政策"),
    ),
    "not-utf-8": Entry(
        en=Text(
            ("the file is written in {encoding}, not in UTF-8", "the byte {byte} here is not UTF-8"),
            "save the file as UTF-8",
        ),
        zh=Text(
            ("文件的编码是 {encoding}，不是 UTF-8", "此处的字节 {byte} 不是 UTF-8"),
            "请把文件另存为 UTF-8 编码",
        ),
    ),
    "nothing-written": Entry(
        en=Text("nothing is written in the file", "start with `viprules: 1` and `program:`"),
        zh=Text("文件里没有内容", "请以 `viprules: 1` 和 `program:` 开头"),
    ),
    "not-a-map": Entry(
        en=Text("the file does not consist of keys with values", "write `key: value` lines, such as `viprules: 1`"),
        zh=Text("文件的内容不是由键和值组成的", "请逐行写 `键: 值`，例如 `viprules: 1`"),
    ),
    "several-documents": Entry(
        en=Text("a second document starts here", "keep one document in a file and remove this `---`"),
        zh=Text("这里开始了第二个文档", "一个文件只放一个文档，请删去这里的 `---`"),
    ),
    "too-deep": Entry(
        en=Text("maps and lists are nested more than {limit} deep", "write it flatter"),
        zh=Text("嵌套超过 {limit} 层", "请减少嵌套"),
    ),
    "too-many-nodes": Entry(
        en=Text("the file has more than {limit} keys and values", "split the programme into several policies"),
        zh=Text("文件中的键和值超过 {limit} 个", "请把会员计划拆成几份政策"),
    ),
    "text-too-long": Entry(
        en=Text("a text has more than {limit} bytes", "shorten it"),
        zh=Text("一段文字超过 {limit} 字节", "请缩短这段文字"),
    ),
    "too-many-problems": Entry(
        en=Text("there are more problems than the {limit} that are shown", "repair these first"),
        zh=Text("问题不止这里列出的 {limit} 个", "请先改正这些问题"),
    ),
    "unseen-character": Entry(
        en=Text("an invisible character, {character}, stands here", "remove it"),
        zh=Text("这里有一个看不见的字符 {character}", "请删除它"),
    ),
    # --- parts of YAML that policies do not use ---
    "duplicate-key": Entry(
        en=Text("`{key}` is written twice: first on line {line}", "keep one of the two"),
        zh=Text("`{key}` 写了两次：第一次在第 {line} 行", "请只保留其中一个"),
    ),
    "alias": Entry(
        en=Text("a policy has no aliases such as `*{name}`", "write the value itself"),
        zh=Text("政策中不能使用别名 `*{name}`", "请直接写出值"),
    ),
    "anchor": Entry(
        en=Text("a policy has no anchors such as `&{name}`", "remove `&{name}`"),
        zh=Text("政策中不能使用锚点 `&{name}`", "请删去 `&{name}`"),
    ),
    "tag": Entry(
        en=Text("a policy has no tags such as `{tag}`", "remove it: the place says what kind of value is meant"),
        zh=Text("政策中不能使用标签 `{tag}`", "请删去标签：值的类型由所在位置决定"),
    ),
    "merge-key": Entry(
        en=Text("a policy has no merge key `<<`", "write the keys themselves"),
        zh=Text("政策中不能使用合并键 `<<`", "请直接写出各个键"),
    ),
    "directive": Entry(
        en=Text("a policy has no directives such as `%YAML`", "remove the line that begins with `%`"),
        zh=Text("政策中不能使用 `%YAML` 之类的指令", "请删去以 `%` 开头的这一行"),
    ),
    "key-not-text": Entry(
        en=Text("a key must be a name, not {found:words}", "write a name before the `:`"),
        zh=Text("键必须是名称，不能是{found:words}", "请在 `:` 前写一个名称"),
    ),
    # --- YAML that cannot be read ---
    "tab-indentation": Entry(
        en=Text("a tab stands where only spaces may indent", "use spaces"),
        zh=Text("这里用了制表符，缩进只能用空格", "请改用空格"),
    ),
    "reserved-character": Entry(
        en=Text("no text may begin with `{character}`", "put the text in quotes"),
        zh=Text("文字不能以 `{character}` 开头", "请给这段文字加上引号"),
    ),
    "stray-colon": Entry(
        en=Text(
            "a `:` stands here where no key can be",
            "indent the key like those beside it, or put a text that holds `: ` in quotes",
        ),
        zh=Text("这里不能是键，却出现了 `:`", "请让这个键与同级的键对齐；文字中含有 `: ` 时请加引号"),
    ),
    "missing-colon": Entry(
        en=Text("`{text}` is neither a key nor a list item", "write `{text}:` or `- {text}`"),
        zh=Text("`{text}` 既不是键也不是列表项", "请写成 `{text}:` 或 `- {text}`"),
    ),
    "colon-without-space": Entry(
        en=Text("`{text}` has no space after the colon", "write `{write}`"),
        zh=Text("`{text}` 的冒号后面没有空格", "请写成 `{write}`"),
    ),
    "wrong-indentation": Entry(
        en=Text("this line does not fit what stands above it", "indent it like the lines it belongs to"),
        zh=Text("这一行与上面的内容对不上", "请让它与同级的行对齐"),
    ),
    "bracket-open": Entry(
        en=Text("a `{bracket}` is not closed, or a comma is missing after it", "close it with `{write}`"),
        zh=Text("`{bracket}` 没有闭合，或其后缺少逗号", "请用 `{write}` 闭合"),
    ),
    "bracket-stray": Entry(
        en=Text("the `{bracket}` here closes or separates nothing", "remove it, or write what is missing before it"),
        zh=Text("这里的 `{bracket}` 没有对应的内容", "请删去它，或在它前面补上缺少的内容"),
    ),
    "quote-open": Entry(
        en=Text("a text in quotes is not closed", "close it with `{quote}`"),
        zh=Text("引号没有闭合", "请用 `{quote}` 闭合"),
    ),
    "quote-followed": Entry(
        en=Text("something stands directly after a text in quotes", "put the whole text in quotes"),
        zh=Text("引号后面还有别的内容", "请把整段文字放在引号里"),
    ),
    "wrong-escape": Entry(
        en=Text("a `\\` in double quotes must be followed by a known letter", "write `\\\\`, or use single quotes"),
        zh=Text("双引号中的 `\\` 后面必须是规定的字母", "请写 `\\\\`，或改用单引号"),
    ),
    "yaml-syntax": Entry(
        en=Text("this is not YAML: {reason}", "look at this line and the one above it"),
        zh=Text("这里不符合 YAML 语法：{reason}", "请检查这一行和上一行"),
    ),
    # --- full-width punctuation ---
    "full-width-colon": Entry(
        en=Text("a full-width `：` stands where a colon is meant", "write `{write}`, with `:` and a space"),
        zh=Text("这里的冒号是全角的 `：`", "请写成 `{write}`：半角 `:` 加一个空格"),
    ),
    "full-width-comma": Entry(
        en=Text(
            "a full-width `{character}` stands where a comma is meant",
            "write `, `; or put the text in quotes if the mark belongs to it",
        ),
        zh=Text("这里的逗号是全角的 `{character}`", "请写成半角 `, `；如果它是文字的一部分，请给文字加引号"),
    ),
    "full-width-bracket": Entry(
        en=Text(
            "a full-width `{character}` stands where a bracket is meant",
            "write `{write}`; or put the text in quotes if the mark belongs to it",
        ),
        zh=Text("这里的括号是全角的 `{character}`", "请写成半角 `{write}`；如果它是文字的一部分，请给文字加引号"),
    ),
    "curly-quote": Entry(
        en=Text("the quotes `{character}` are curly", "write straight quotes: `{write}`"),
        zh=Text("这里的引号是弯引号 `{character}`", "请改用直引号 `{write}`"),
    ),
    "full-width-space": Entry(
        en=Text(
            "a {space:words} stands here, which YAML takes for a letter",
            "write an ordinary space, or put the text in quotes",
        ),
        zh=Text("这里有一个{space:words}，YAML 会把它当作文字", "请改用普通空格，或给文字加引号"),
    ),
    "full-width-character": Entry(
        en=Text(
            "a full-width `{character}` stands where `{write}` is meant",
            "write `{write}`; or put the text in quotes if the mark belongs to it",
        ),
        zh=Text(
            "这里的 `{character}` 是全角字符，应为 `{write}`",
            "请写成半角 `{write}`；如果它是文字的一部分，请给文字加引号",
        ),
    ),
}
