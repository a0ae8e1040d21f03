module pwseal

go 1.19
