"""The message codes that IBKR publishes for TWS, by subject, with short descriptions of our own.

Source: TWS API, "Message Codes"; 460, 2148, 2161, 2176, 10141 and 10349 are known from public reports of what
TWS sent. Each line has the codes with the same meaning and a description for the log; the trader reads TWS's
own text, or a sentence of ``ibkr/errors``. Pure data.
"""

HARMLESS = """
101 102 138 300 301 302 309 310 316 317 354 414 420  market data, which is not asked for here
162 165 166 366 386  historical data, which is not asked for here
365 385 492  market scanner, which is not asked for here
415 416 423 445  request for quote, which is not asked for here
430 431  fundamental data, which is not asked for here
305 306 307 308 324 381 384  an older interface of TWS (DDE), which is not used here
2176  sizes of market data are cut to whole shares; none is asked for here
2152  depth of market, which is not asked for here
10089 10090 10091 10092 10167 10168 10186 10197 10346  market data, which is not asked for here
10182 10187 10189 10190 10225  history and ticks, which are not asked for here
10276 10277 10278 10279 10280 10281 10282 10284 10309  event calendar, which is not asked for here
10295 10299 10339  historical data, which is not asked for here
10358  fundamental data, which is not asked for here
510 511 519 521 522 523 524 525 526 527 528 529 530  a request that is not made here
532 533 534 535 536 537 538 539 544 545 546 547 548 549 551 552  a request that is not made here
557 558 559 560 561 562 563 564 565 566 567 568 569 570  a request that is not made here
575 576 577 580 581 582 583 584 589  a request that is not made here
"""

DATA_FARM = """
2103  market data farm is disconnected
2104  market data farm is connected
2105  historical data farm is disconnected
2106  historical data farm is connected
2107  historical data farm sleeps until it is needed
2108  market data farm sleeps until it is needed
2119  market data farm is connecting
2157  security definition farm is disconnected
2158  security definition farm is connected
"""

ACCOUNT = """
2148  margin: IBKR may liquidate positions
"""

CONNECTION = """
100  too many messages a second
143 145 304  a request could not be read by TWS
320 321 322 323  TWS refused a request
326  client id is already in use
327  only client id 0 may bind orders of TWS
330 331 344  this login is no advisor
319  log level is not one of TWS
357  client version is out of date
438  TWS is locked
501  already connected
502  nothing answers at this port
503  TWS is out of date
504  not connected
505 506  TWS and its client speak different versions
507  TWS ended the connection
508 509 520 586 588  the connection broke
513 514 516 518 531 540 541 542 543 550 553 554 555 556 571 572 573 574 578 587  a request could not be sent
1100  TWS lost its link to IBKR
1101  TWS is back at IBKR, subscriptions were lost
1102  TWS is back at IBKR, subscriptions were kept
1300  TWS changed its port
2100  account values: another account took the subscription
2101  account values: another program has the subscription
2110  TWS lost its link to IBKR
10141  disclaimer of paper trading is not accepted
10230 10231 585  advisor groups
10238  advisor set-up is out of reach
10283  TWS refused the client
10285  client version is too old for fractions
10322  group All is not available for this login
10328  the connection broke while order data was read
"""

ORDER = """
103 106 107  order id or order is not complete
104 105 134 329 422 440 444 10308 10326 10327 10341  order cannot be changed so
135 136 161 10147 10148 10149  order cannot be cancelled
109 110 125 126 141 163 164 382  price of the order is not accepted
111 113  time in force does not fit the order type
114 115 118 119 120 129 137 167  relative or VWAP order
116 342 387 421  order type or route is not accepted by the exchange
117 140 160 355 383 388 434  size of the order is not accepted
121 131 151 155 156 122 132 142  order lacks what its route needs
123 124 139 200 203 407 517 579  contract is not known or not allowed
127 128  linkage order
133 201  order was rejected
144 332 333 424 425 433 435 436 10012 10251 10294  order is not allocated to accounts as it should be
146 147 148 398 402  condition or trigger of the order
152 157 168 325 340 10297  hidden, iceberg, discretionary or not held order
153 154  exchange for physical, or a halted security
158 159 328 361 362 363 364 403  stop, trigger or trailing amount of the order
202  order was cancelled
303 346 426 427 428 432 437  action or account of the order
311 312 313 314 315 339 345 349 350 356 358 359 360 429  combination order
334 336 337 338 343 391 392 394  date or time of the order
335 341 367 368 369 370 371 372 373 374 375 376 377 378 379 380 393  delta, volatility or hedge order
347 348 352 353 404  short sale
351 411  outside regular hours does not fit the order
389 390  routed order id
395 396 397  IBKR accepts fewer order types now
399  note on an order
400 439 441 442 443  algorithm of the order
401 405 406 412 413  order is not accepted as it is
460  trading this is not permitted
408 409 410 417 418 419 446 447 448 449  scale order
481  order size was reduced
512 515  an order could not be sent
2102  order is still being processed
2109  outside regular hours is ignored for the order
2111  times of the algorithm were moved to the next day
2130  product trades by price with factor
2137  order turns the position to the other side
2161  IBKR caps the price of a limit order
2168 2169  attribute of the order is no longer supported
10000 10001 10002 10003 10011 10013 10253  combination or smart routing
10005 10298  model portfolio
10006 10236 10237  parent and child orders
10007 10008 10009 10010  hedge order
10014 10015 10016 10017  trading this is not allowed by API
10018 10019  expected value warning
10020 10021 10022 10023 10024 10025 10026 10027  legs or display size of the order
10233 10349 10335  order took a value from a preset
10234 10235 10310  who decided on the order is not named
10239  order does not fit the risk score of accounts
10240 10344  price of the order is not accepted
10241 10242 10243 10244 10245 10246 10247 10248 10249 10250 10252 10318  fractions or cash quantity
10254 10319 10321 10343 10345  instrument cannot be traded so
10268 10269 10270 10316 10340  attribute of the order is not supported
10286 10289 10290 10293 10317  cash quantity
10287 10288 10332  cryptocurrency order
10291 10292  order type or time in force is restricted
10296 10311 10329 10336  route of the order
10300 10301 10314 10315 10330  date or time of the order
10302 10303 10304 10305 10306 10307 10342  least size, offset or imbalance of the order
10312  volatility order is not supported
10324 10325  one-cancels-all group
10331 10333 10334 10347  warning before an order is sent
10337 10338  option of a request is not valid
"""
