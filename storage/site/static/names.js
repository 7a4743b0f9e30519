/* Names for what Datasette's own pages leave without one, so that a screen reader can say what it is. Nothing of ours needs a script. */
"use strict";
addEventListener("load", () => setTimeout(() => {
  const names = [
    ["select[name^='_filter_column']", "列 column"], ["select[name^='_filter_op']", "关系 operator"],
    ["input[name^='_filter_value']", "值 value"], ["select[name='_sort'], select[name='_sort_desc']", "排序 sort by"],
    [".CodeMirror textarea, textarea[name='sql']", "SQL"], ["input[name='_sort_by_desc']", "倒序 descending"],
  ];
  for (const [where, name] of names)
    for (const field of document.querySelectorAll(where)) field.setAttribute("aria-label", name);
  for (const part of document.querySelectorAll("dl.column-descriptions, .table-wrapper, pre")) part.tabIndex = 0;
}));
