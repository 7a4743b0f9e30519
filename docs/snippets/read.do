* A release in Stata: requests received by year. UNTESTED: no Stata was at hand; tell us what to mend.
* Stata reads no gzip: unpack first, in the folder of the release:  gzip -dk csv/requests.csv.gz
* Empty cells become . (missing), never 0. Names longer than 32 letters are cut by Stata.
import delimited using "csv/requests.csv", clear varnames(1) encoding("UTF-8") bindquote(strict) maxquotedrows(unlimited) ///
    stringcols(1 2 3 5 6 7 8 9 10 11)
keep if scope == "own"
collapse (count) with_figure=new_received (sum) received=new_received, by(year)
* collapse gives 0 for the sum of nothing: make it missing again.
replace received = . if with_figure == 0
list
