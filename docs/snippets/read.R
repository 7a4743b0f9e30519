# A release in R, without any package: requests received by year, and one figure with the page it is printed on. Rscript read.R RELEASE
release <- commandArgs(trailingOnly = TRUE)[1]

# An empty cell is missing and nothing else is ("NA" may be what a report prints); codes stay text.
read_table <- function(name, ...) {
  read.csv(file.path(release, "csv", paste0(name, ".csv.gz")), na.strings = "", encoding = "UTF-8", stringsAsFactors = FALSE, ...)
}
requests <- read_table("requests", colClasses = c(region_code = "character", report_id = "character"))

# Reports of one organ alone: consolidated ones contain the numbers of others. A missing number is NA, never 0.
own <- requests[requests$scope == "own", ]
total <- function(x) if (all(is.na(x))) NA else sum(x, na.rm = TRUE)
by_year <- data.frame(
  year = sort(unique(own$year)),
  reports = as.vector(tapply(own$new_received, own$year, length)),
  with_figure = as.vector(tapply(own$new_received, own$year, function(x) sum(!is.na(x)))),
  received = as.vector(tapply(own$new_received, own$year, total))
)
write.csv(by_year, stdout(), row.names = FALSE, quote = FALSE, na = "")

# A figure leads back to the cell: the page, and the table, row and column in it.
figures <- read_table("figures", colClasses = c(report_id = "character", printed = "character"))
figures <- figures[figures$row_key == "new_received" & figures$column_key == "total", ]
captures <- read_table("captures")[, c("id", "url")]
traced <- merge(figures, captures, by.x = "capture_id", by.y = "id", all.x = TRUE)
traced <- traced[order(traced$report_id), c("report_id", "value", "printed", "url")]
write.csv(head(traced, 1), stdout(), row.names = FALSE, quote = FALSE, na = "")
