PRAGMA application_id = 1213616980;
PRAGMA user_version = 7744878;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'harvester','m001_tables','2026-01-01 00:00:00.000000+00:00');
CREATE TABLE capture (
        key INTEGER PRIMARY KEY, visit INTEGER NOT NULL REFERENCES visit(key) DEFERRABLE INITIALLY DEFERRED, fetched_at TEXT NOT NULL, http_status INTEGER,
        content_type INTEGER REFERENCES content_type(code) DEFERRABLE INITIALLY DEFERRED, body_sha256 BLOB NOT NULL,
        warc_file INTEGER REFERENCES warc_file(code) DEFERRABLE INITIALLY DEFERRED, warc_offset INTEGER, record_id TEXT,
        report INTEGER REFERENCES report(key) DEFERRABLE INITIALLY DEFERRED, run INTEGER REFERENCES runs(key) DEFERRABLE INITIALLY DEFERRED,
        portal_id TEXT REFERENCES portals(id) DEFERRABLE INITIALLY DEFERRED, rank INTEGER NOT NULL);
INSERT INTO "capture" VALUES(1,1,'2024-02-01T00:00:00Z',200,1,X'3FF4E8D0735A66EE00B5660FAB61B0122BC02CCC9C0D63070AEC4F11C464F526',1,1,'<urn:uuid:test>',1,1,'qinglan',1);
INSERT INTO "capture" VALUES(2,2,'2025-02-01T00:00:00Z',200,1,X'90B04294891FCCF0CE43BD892F74530B8DC41601920DBAD5210E8C3C63C46009',1,2,'<urn:uuid:test>',2,1,'qinglan',1);
CREATE TABLE cell (
        code INTEGER PRIMARY KEY, table_key TEXT NOT NULL, row_key TEXT NOT NULL, column_key TEXT NOT NULL, unit TEXT,
        UNIQUE (table_key, row_key, column_key));
INSERT INTO "cell" VALUES(1,'table_2','art20_1.regulations','newly_made','件');
INSERT INTO "cell" VALUES(2,'table_2','art20_1.regulations','newly_disclosed','件');
INSERT INTO "cell" VALUES(3,'table_2','art20_1.regulations','total_disclosed','件');
INSERT INTO "cell" VALUES(4,'table_2','art20_1.normative_documents','newly_made','件');
INSERT INTO "cell" VALUES(5,'table_2','art20_1.normative_documents','newly_disclosed','件');
INSERT INTO "cell" VALUES(6,'table_2','art20_1.normative_documents','total_disclosed','件');
INSERT INTO "cell" VALUES(7,'table_2','art20_5.licensing','items_prev_year','项');
INSERT INTO "cell" VALUES(8,'table_2','art20_5.licensing','items_change','项');
INSERT INTO "cell" VALUES(9,'table_2','art20_5.licensing','decisions','件');
INSERT INTO "cell" VALUES(10,'table_2','art20_5.other_management_services','items_prev_year','项');
INSERT INTO "cell" VALUES(11,'table_2','art20_5.other_management_services','items_change','项');
INSERT INTO "cell" VALUES(12,'table_2','art20_5.other_management_services','decisions','件');
INSERT INTO "cell" VALUES(13,'table_2','art20_6.penalties','items_prev_year','项');
INSERT INTO "cell" VALUES(14,'table_2','art20_6.penalties','items_change','项');
INSERT INTO "cell" VALUES(15,'table_2','art20_6.penalties','decisions','件');
INSERT INTO "cell" VALUES(16,'table_2','art20_6.coercive_measures','items_prev_year','项');
INSERT INTO "cell" VALUES(17,'table_2','art20_6.coercive_measures','items_change','项');
INSERT INTO "cell" VALUES(18,'table_2','art20_6.coercive_measures','decisions','件');
INSERT INTO "cell" VALUES(19,'table_2','art20_8.administrative_fees','items_prev_year','项');
INSERT INTO "cell" VALUES(20,'table_2','art20_8.administrative_fees','items_change','项');
INSERT INTO "cell" VALUES(21,'table_2','art20_9.central_procurement','projects','项');
INSERT INTO "cell" VALUES(22,'table_2','art20_9.central_procurement','amount',NULL);
INSERT INTO "cell" VALUES(23,'table_3','new_received','natural_person','件');
INSERT INTO "cell" VALUES(24,'table_3','new_received','commercial_enterprise','件');
INSERT INTO "cell" VALUES(25,'table_3','new_received','research_institution','件');
INSERT INTO "cell" VALUES(26,'table_3','new_received','social_welfare_org','件');
INSERT INTO "cell" VALUES(27,'table_3','new_received','legal_service_org','件');
INSERT INTO "cell" VALUES(28,'table_3','new_received','other_org','件');
INSERT INTO "cell" VALUES(29,'table_3','new_received','total','件');
INSERT INTO "cell" VALUES(30,'table_3','carried_over','natural_person','件');
INSERT INTO "cell" VALUES(31,'table_3','carried_over','commercial_enterprise','件');
INSERT INTO "cell" VALUES(32,'table_3','carried_over','research_institution','件');
INSERT INTO "cell" VALUES(33,'table_3','carried_over','social_welfare_org','件');
INSERT INTO "cell" VALUES(34,'table_3','carried_over','legal_service_org','件');
INSERT INTO "cell" VALUES(35,'table_3','carried_over','other_org','件');
INSERT INTO "cell" VALUES(36,'table_3','carried_over','total','件');
INSERT INTO "cell" VALUES(37,'table_3','granted','natural_person','件');
INSERT INTO "cell" VALUES(38,'table_3','granted','commercial_enterprise','件');
INSERT INTO "cell" VALUES(39,'table_3','granted','research_institution','件');
INSERT INTO "cell" VALUES(40,'table_3','granted','social_welfare_org','件');
INSERT INTO "cell" VALUES(41,'table_3','granted','legal_service_org','件');
INSERT INTO "cell" VALUES(42,'table_3','granted','other_org','件');
INSERT INTO "cell" VALUES(43,'table_3','granted','total','件');
INSERT INTO "cell" VALUES(44,'table_3','partially_granted','natural_person','件');
INSERT INTO "cell" VALUES(45,'table_3','partially_granted','commercial_enterprise','件');
INSERT INTO "cell" VALUES(46,'table_3','partially_granted','research_institution','件');
INSERT INTO "cell" VALUES(47,'table_3','partially_granted','social_welfare_org','件');
INSERT INTO "cell" VALUES(48,'table_3','partially_granted','legal_service_org','件');
INSERT INTO "cell" VALUES(49,'table_3','partially_granted','other_org','件');
INSERT INTO "cell" VALUES(50,'table_3','partially_granted','total','件');
INSERT INTO "cell" VALUES(51,'table_3','denied_state_secret','natural_person','件');
INSERT INTO "cell" VALUES(52,'table_3','denied_state_secret','commercial_enterprise','件');
INSERT INTO "cell" VALUES(53,'table_3','denied_state_secret','research_institution','件');
INSERT INTO "cell" VALUES(54,'table_3','denied_state_secret','social_welfare_org','件');
INSERT INTO "cell" VALUES(55,'table_3','denied_state_secret','legal_service_org','件');
INSERT INTO "cell" VALUES(56,'table_3','denied_state_secret','other_org','件');
INSERT INTO "cell" VALUES(57,'table_3','denied_state_secret','total','件');
INSERT INTO "cell" VALUES(58,'table_3','denied_forbidden_by_law','natural_person','件');
INSERT INTO "cell" VALUES(59,'table_3','denied_forbidden_by_law','commercial_enterprise','件');
INSERT INTO "cell" VALUES(60,'table_3','denied_forbidden_by_law','research_institution','件');
INSERT INTO "cell" VALUES(61,'table_3','denied_forbidden_by_law','social_welfare_org','件');
INSERT INTO "cell" VALUES(62,'table_3','denied_forbidden_by_law','legal_service_org','件');
INSERT INTO "cell" VALUES(63,'table_3','denied_forbidden_by_law','other_org','件');
INSERT INTO "cell" VALUES(64,'table_3','denied_forbidden_by_law','total','件');
INSERT INTO "cell" VALUES(65,'table_3','denied_security_stability','natural_person','件');
INSERT INTO "cell" VALUES(66,'table_3','denied_security_stability','commercial_enterprise','件');
INSERT INTO "cell" VALUES(67,'table_3','denied_security_stability','research_institution','件');
INSERT INTO "cell" VALUES(68,'table_3','denied_security_stability','social_welfare_org','件');
INSERT INTO "cell" VALUES(69,'table_3','denied_security_stability','legal_service_org','件');
INSERT INTO "cell" VALUES(70,'table_3','denied_security_stability','other_org','件');
INSERT INTO "cell" VALUES(71,'table_3','denied_security_stability','total','件');
INSERT INTO "cell" VALUES(72,'table_3','denied_third_party_rights','natural_person','件');
INSERT INTO "cell" VALUES(73,'table_3','denied_third_party_rights','commercial_enterprise','件');
INSERT INTO "cell" VALUES(74,'table_3','denied_third_party_rights','research_institution','件');
INSERT INTO "cell" VALUES(75,'table_3','denied_third_party_rights','social_welfare_org','件');
INSERT INTO "cell" VALUES(76,'table_3','denied_third_party_rights','legal_service_org','件');
INSERT INTO "cell" VALUES(77,'table_3','denied_third_party_rights','other_org','件');
INSERT INTO "cell" VALUES(78,'table_3','denied_third_party_rights','total','件');
INSERT INTO "cell" VALUES(79,'table_3','denied_internal_affairs','natural_person','件');
INSERT INTO "cell" VALUES(80,'table_3','denied_internal_affairs','commercial_enterprise','件');
INSERT INTO "cell" VALUES(81,'table_3','denied_internal_affairs','research_institution','件');
INSERT INTO "cell" VALUES(82,'table_3','denied_internal_affairs','social_welfare_org','件');
INSERT INTO "cell" VALUES(83,'table_3','denied_internal_affairs','legal_service_org','件');
INSERT INTO "cell" VALUES(84,'table_3','denied_internal_affairs','other_org','件');
INSERT INTO "cell" VALUES(85,'table_3','denied_internal_affairs','total','件');
INSERT INTO "cell" VALUES(86,'table_3','denied_process_information','natural_person','件');
INSERT INTO "cell" VALUES(87,'table_3','denied_process_information','commercial_enterprise','件');
INSERT INTO "cell" VALUES(88,'table_3','denied_process_information','research_institution','件');
INSERT INTO "cell" VALUES(89,'table_3','denied_process_information','social_welfare_org','件');
INSERT INTO "cell" VALUES(90,'table_3','denied_process_information','legal_service_org','件');
INSERT INTO "cell" VALUES(91,'table_3','denied_process_information','other_org','件');
INSERT INTO "cell" VALUES(92,'table_3','denied_process_information','total','件');
INSERT INTO "cell" VALUES(93,'table_3','denied_enforcement_case_file','natural_person','件');
INSERT INTO "cell" VALUES(94,'table_3','denied_enforcement_case_file','commercial_enterprise','件');
INSERT INTO "cell" VALUES(95,'table_3','denied_enforcement_case_file','research_institution','件');
INSERT INTO "cell" VALUES(96,'table_3','denied_enforcement_case_file','social_welfare_org','件');
INSERT INTO "cell" VALUES(97,'table_3','denied_enforcement_case_file','legal_service_org','件');
INSERT INTO "cell" VALUES(98,'table_3','denied_enforcement_case_file','other_org','件');
INSERT INTO "cell" VALUES(99,'table_3','denied_enforcement_case_file','total','件');
INSERT INTO "cell" VALUES(100,'table_3','denied_administrative_query','natural_person','件');
INSERT INTO "cell" VALUES(101,'table_3','denied_administrative_query','commercial_enterprise','件');
INSERT INTO "cell" VALUES(102,'table_3','denied_administrative_query','research_institution','件');
INSERT INTO "cell" VALUES(103,'table_3','denied_administrative_query','social_welfare_org','件');
INSERT INTO "cell" VALUES(104,'table_3','denied_administrative_query','legal_service_org','件');
INSERT INTO "cell" VALUES(105,'table_3','denied_administrative_query','other_org','件');
INSERT INTO "cell" VALUES(106,'table_3','denied_administrative_query','total','件');
INSERT INTO "cell" VALUES(107,'table_3','unable_not_held','natural_person','件');
INSERT INTO "cell" VALUES(108,'table_3','unable_not_held','commercial_enterprise','件');
INSERT INTO "cell" VALUES(109,'table_3','unable_not_held','research_institution','件');
INSERT INTO "cell" VALUES(110,'table_3','unable_not_held','social_welfare_org','件');
INSERT INTO "cell" VALUES(111,'table_3','unable_not_held','legal_service_org','件');
INSERT INTO "cell" VALUES(112,'table_3','unable_not_held','other_org','件');
INSERT INTO "cell" VALUES(113,'table_3','unable_not_held','total','件');
INSERT INTO "cell" VALUES(114,'table_3','unable_needs_creation','natural_person','件');
INSERT INTO "cell" VALUES(115,'table_3','unable_needs_creation','commercial_enterprise','件');
INSERT INTO "cell" VALUES(116,'table_3','unable_needs_creation','research_institution','件');
INSERT INTO "cell" VALUES(117,'table_3','unable_needs_creation','social_welfare_org','件');
INSERT INTO "cell" VALUES(118,'table_3','unable_needs_creation','legal_service_org','件');
INSERT INTO "cell" VALUES(119,'table_3','unable_needs_creation','other_org','件');
INSERT INTO "cell" VALUES(120,'table_3','unable_needs_creation','total','件');
INSERT INTO "cell" VALUES(121,'table_3','unable_still_unclear','natural_person','件');
INSERT INTO "cell" VALUES(122,'table_3','unable_still_unclear','commercial_enterprise','件');
INSERT INTO "cell" VALUES(123,'table_3','unable_still_unclear','research_institution','件');
INSERT INTO "cell" VALUES(124,'table_3','unable_still_unclear','social_welfare_org','件');
INSERT INTO "cell" VALUES(125,'table_3','unable_still_unclear','legal_service_org','件');
INSERT INTO "cell" VALUES(126,'table_3','unable_still_unclear','other_org','件');
INSERT INTO "cell" VALUES(127,'table_3','unable_still_unclear','total','件');
INSERT INTO "cell" VALUES(128,'table_3','not_processed_petition_complaint','natural_person','件');
INSERT INTO "cell" VALUES(129,'table_3','not_processed_petition_complaint','commercial_enterprise','件');
INSERT INTO "cell" VALUES(130,'table_3','not_processed_petition_complaint','research_institution','件');
INSERT INTO "cell" VALUES(131,'table_3','not_processed_petition_complaint','social_welfare_org','件');
INSERT INTO "cell" VALUES(132,'table_3','not_processed_petition_complaint','legal_service_org','件');
INSERT INTO "cell" VALUES(133,'table_3','not_processed_petition_complaint','other_org','件');
INSERT INTO "cell" VALUES(134,'table_3','not_processed_petition_complaint','total','件');
INSERT INTO "cell" VALUES(135,'table_3','not_processed_repeat','natural_person','件');
INSERT INTO "cell" VALUES(136,'table_3','not_processed_repeat','commercial_enterprise','件');
INSERT INTO "cell" VALUES(137,'table_3','not_processed_repeat','research_institution','件');
INSERT INTO "cell" VALUES(138,'table_3','not_processed_repeat','social_welfare_org','件');
INSERT INTO "cell" VALUES(139,'table_3','not_processed_repeat','legal_service_org','件');
INSERT INTO "cell" VALUES(140,'table_3','not_processed_repeat','other_org','件');
INSERT INTO "cell" VALUES(141,'table_3','not_processed_repeat','total','件');
INSERT INTO "cell" VALUES(142,'table_3','not_processed_publication','natural_person','件');
INSERT INTO "cell" VALUES(143,'table_3','not_processed_publication','commercial_enterprise','件');
INSERT INTO "cell" VALUES(144,'table_3','not_processed_publication','research_institution','件');
INSERT INTO "cell" VALUES(145,'table_3','not_processed_publication','social_welfare_org','件');
INSERT INTO "cell" VALUES(146,'table_3','not_processed_publication','legal_service_org','件');
INSERT INTO "cell" VALUES(147,'table_3','not_processed_publication','other_org','件');
INSERT INTO "cell" VALUES(148,'table_3','not_processed_publication','total','件');
INSERT INTO "cell" VALUES(149,'table_3','not_processed_excessive_repeated','natural_person','件');
INSERT INTO "cell" VALUES(150,'table_3','not_processed_excessive_repeated','commercial_enterprise','件');
INSERT INTO "cell" VALUES(151,'table_3','not_processed_excessive_repeated','research_institution','件');
INSERT INTO "cell" VALUES(152,'table_3','not_processed_excessive_repeated','social_welfare_org','件');
INSERT INTO "cell" VALUES(153,'table_3','not_processed_excessive_repeated','legal_service_org','件');
INSERT INTO "cell" VALUES(154,'table_3','not_processed_excessive_repeated','other_org','件');
INSERT INTO "cell" VALUES(155,'table_3','not_processed_excessive_repeated','total','件');
INSERT INTO "cell" VALUES(156,'table_3','not_processed_confirm_or_reissue','natural_person','件');
INSERT INTO "cell" VALUES(157,'table_3','not_processed_confirm_or_reissue','commercial_enterprise','件');
INSERT INTO "cell" VALUES(158,'table_3','not_processed_confirm_or_reissue','research_institution','件');
INSERT INTO "cell" VALUES(159,'table_3','not_processed_confirm_or_reissue','social_welfare_org','件');
INSERT INTO "cell" VALUES(160,'table_3','not_processed_confirm_or_reissue','legal_service_org','件');
INSERT INTO "cell" VALUES(161,'table_3','not_processed_confirm_or_reissue','other_org','件');
INSERT INTO "cell" VALUES(162,'table_3','not_processed_confirm_or_reissue','total','件');
INSERT INTO "cell" VALUES(163,'table_3','other_handling','natural_person','件');
INSERT INTO "cell" VALUES(164,'table_3','other_handling','commercial_enterprise','件');
INSERT INTO "cell" VALUES(165,'table_3','other_handling','research_institution','件');
INSERT INTO "cell" VALUES(166,'table_3','other_handling','social_welfare_org','件');
INSERT INTO "cell" VALUES(167,'table_3','other_handling','legal_service_org','件');
INSERT INTO "cell" VALUES(168,'table_3','other_handling','other_org','件');
INSERT INTO "cell" VALUES(169,'table_3','other_handling','total','件');
INSERT INTO "cell" VALUES(170,'table_3','total_handled','natural_person','件');
INSERT INTO "cell" VALUES(171,'table_3','total_handled','commercial_enterprise','件');
INSERT INTO "cell" VALUES(172,'table_3','total_handled','research_institution','件');
INSERT INTO "cell" VALUES(173,'table_3','total_handled','social_welfare_org','件');
INSERT INTO "cell" VALUES(174,'table_3','total_handled','legal_service_org','件');
INSERT INTO "cell" VALUES(175,'table_3','total_handled','other_org','件');
INSERT INTO "cell" VALUES(176,'table_3','total_handled','total','件');
INSERT INTO "cell" VALUES(177,'table_3','carried_forward','natural_person','件');
INSERT INTO "cell" VALUES(178,'table_3','carried_forward','commercial_enterprise','件');
INSERT INTO "cell" VALUES(179,'table_3','carried_forward','research_institution','件');
INSERT INTO "cell" VALUES(180,'table_3','carried_forward','social_welfare_org','件');
INSERT INTO "cell" VALUES(181,'table_3','carried_forward','legal_service_org','件');
INSERT INTO "cell" VALUES(182,'table_3','carried_forward','other_org','件');
INSERT INTO "cell" VALUES(183,'table_3','carried_forward','total','件');
INSERT INTO "cell" VALUES(184,'table_4','cases','review_upheld','件');
INSERT INTO "cell" VALUES(185,'table_4','cases','review_corrected','件');
INSERT INTO "cell" VALUES(186,'table_4','cases','review_other_result','件');
INSERT INTO "cell" VALUES(187,'table_4','cases','review_pending','件');
INSERT INTO "cell" VALUES(188,'table_4','cases','review_total','件');
INSERT INTO "cell" VALUES(189,'table_4','cases','litigation_direct_upheld','件');
INSERT INTO "cell" VALUES(190,'table_4','cases','litigation_direct_corrected','件');
INSERT INTO "cell" VALUES(191,'table_4','cases','litigation_direct_other_result','件');
INSERT INTO "cell" VALUES(192,'table_4','cases','litigation_direct_pending','件');
INSERT INTO "cell" VALUES(193,'table_4','cases','litigation_direct_total','件');
INSERT INTO "cell" VALUES(194,'table_4','cases','litigation_after_review_upheld','件');
INSERT INTO "cell" VALUES(195,'table_4','cases','litigation_after_review_corrected','件');
INSERT INTO "cell" VALUES(196,'table_4','cases','litigation_after_review_other_result','件');
INSERT INTO "cell" VALUES(197,'table_4','cases','litigation_after_review_pending','件');
INSERT INTO "cell" VALUES(198,'table_4','cases','litigation_after_review_total','件');
INSERT INTO "cell" VALUES(199,'table_2','art20_1.regulations','issued','件');
INSERT INTO "cell" VALUES(200,'table_2','art20_1.regulations','repealed','件');
INSERT INTO "cell" VALUES(201,'table_2','art20_1.regulations','in_force','件');
INSERT INTO "cell" VALUES(202,'table_2','art20_1.normative_documents','issued','件');
INSERT INTO "cell" VALUES(203,'table_2','art20_1.normative_documents','repealed','件');
INSERT INTO "cell" VALUES(204,'table_2','art20_1.normative_documents','in_force','件');
INSERT INTO "cell" VALUES(205,'table_2','art20_8.administrative_fees','amount','万元');
INSERT INTO "cell" VALUES(206,'table_3','other_no_correction_overdue','natural_person','件');
INSERT INTO "cell" VALUES(207,'table_3','other_no_correction_overdue','commercial_enterprise','件');
INSERT INTO "cell" VALUES(208,'table_3','other_no_correction_overdue','research_institution','件');
INSERT INTO "cell" VALUES(209,'table_3','other_no_correction_overdue','social_welfare_org','件');
INSERT INTO "cell" VALUES(210,'table_3','other_no_correction_overdue','legal_service_org','件');
INSERT INTO "cell" VALUES(211,'table_3','other_no_correction_overdue','other_org','件');
INSERT INTO "cell" VALUES(212,'table_3','other_no_correction_overdue','total','件');
INSERT INTO "cell" VALUES(213,'table_3','other_fee_unpaid_overdue','natural_person','件');
INSERT INTO "cell" VALUES(214,'table_3','other_fee_unpaid_overdue','commercial_enterprise','件');
INSERT INTO "cell" VALUES(215,'table_3','other_fee_unpaid_overdue','research_institution','件');
INSERT INTO "cell" VALUES(216,'table_3','other_fee_unpaid_overdue','social_welfare_org','件');
INSERT INTO "cell" VALUES(217,'table_3','other_fee_unpaid_overdue','legal_service_org','件');
INSERT INTO "cell" VALUES(218,'table_3','other_fee_unpaid_overdue','other_org','件');
INSERT INTO "cell" VALUES(219,'table_3','other_fee_unpaid_overdue','total','件');
INSERT INTO "cell" VALUES(220,'table_3','other_other','natural_person','件');
INSERT INTO "cell" VALUES(221,'table_3','other_other','commercial_enterprise','件');
INSERT INTO "cell" VALUES(222,'table_3','other_other','research_institution','件');
INSERT INTO "cell" VALUES(223,'table_3','other_other','social_welfare_org','件');
INSERT INTO "cell" VALUES(224,'table_3','other_other','legal_service_org','件');
INSERT INTO "cell" VALUES(225,'table_3','other_other','other_org','件');
INSERT INTO "cell" VALUES(226,'table_3','other_other','total','件');
CREATE TABLE check_place (code INTEGER PRIMARY KEY, check_id TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (check_id, at));
INSERT INTO "check_place" VALUES(1,'t3_flow','total');
INSERT INTO "check_place" VALUES(2,'t3_flow','natural_person');
CREATE TABLE check_result (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, place INTEGER NOT NULL, left_value, right_value,
        outcome INTEGER NOT NULL, if_blank_zero INTEGER, PRIMARY KEY (report, place)) WITHOUT ROWID;
INSERT INTO "check_result" VALUES(1,1,5,5,0,NULL);
INSERT INTO "check_result" VALUES(1,2,5,6,1,NULL);
INSERT INTO "check_result" VALUES(2,1,5,5,0,NULL);
INSERT INTO "check_result" VALUES(2,2,5,6,1,NULL);
CREATE TABLE content_type (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "content_type" VALUES(1,'text/html; charset=utf-8');
CREATE TABLE issue (
        key INTEGER PRIMARY KEY, report INTEGER REFERENCES report(key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        visit INTEGER REFERENCES visit(key) DEFERRABLE INITIALLY DEFERRED, code TEXT NOT NULL, "where" TEXT, message TEXT,
        run INTEGER REFERENCES runs(key) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "issue" VALUES(1,1,NULL,'unknown_label','table 3, row 4','小计',1);
INSERT INTO "issue" VALUES(2,2,NULL,'unknown_label','table 3, row 4','小计',1);
CREATE TABLE labels (
        kind TEXT NOT NULL, key TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, description_zh TEXT, description_en TEXT, unit TEXT,
        PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE organs (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, region_code TEXT REFERENCES regions(code) DEFERRABLE INITIALLY DEFERRED, level TEXT) WITHOUT ROWID;
INSERT INTO "organs" VALUES('990100-00000001','青岚市人民政府','990100','prefecture_government');
CREATE TABLE portals (
        id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', region_code TEXT REFERENCES regions(code) DEFERRABLE INITIALLY DEFERRED, list_url TEXT,
        family TEXT, min_reports INTEGER, note TEXT, seen_in TEXT, seen_on TEXT) WITHOUT ROWID;
INSERT INTO "portals" VALUES('qinglan','qinglan',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE prose_value (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, number INTEGER NOT NULL, key TEXT NOT NULL,
        value, unit TEXT, section TEXT, sentence TEXT, PRIMARY KEY (report, number)) WITHOUT ROWID;
CREATE TABLE region_names (
        code TEXT NOT NULL, name TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT, source TEXT,
        PRIMARY KEY (code, valid_from, name)) WITHOUT ROWID;
CREATE TABLE regions (
        code TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT, parent TEXT REFERENCES regions(code) DEFERRABLE INITIALLY DEFERRED,
        valid_from TEXT, valid_to TEXT, source TEXT) WITHOUT ROWID;
INSERT INTO "regions" VALUES('990100','990100',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE report (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text_sha256 BLOB NOT NULL, title TEXT, organ TEXT,
        organ_id TEXT REFERENCES organs(id) DEFERRABLE INITIALLY DEFERRED, year INTEGER, scope TEXT, form TEXT, region_code TEXT REFERENCES regions(code) DEFERRABLE INITIALLY DEFERRED,
        level TEXT, published_on TEXT, quality TEXT, first_seen TEXT, last_seen TEXT, withdrawn_on TEXT,
        superseded_by INTEGER REFERENCES report(key) DEFERRABLE INITIALLY DEFERRED, capture INTEGER REFERENCES capture(key) DEFERRABLE INITIALLY DEFERRED, extraction TEXT);
INSERT INTO "report" VALUES(1,'2e6a4efca2b6b383',X'2E6A4EFCA2B6B3835DBA203DE275978EB6A84197E5FFAE6047BC92D5513DA13C','青岚市2023年政府信息公开工作年度报告','青岚市人民政府','990100-00000001',2023,'consolidated','national_2021','990100','prefecture_government','2025-01-30','consistent','2024-02-01T00:00:00Z','2024-02-01T00:00:00Z',NULL,NULL,1,'0.1.0');
INSERT INTO "report" VALUES(2,'4ac295f11165652f',X'4AC295F11165652FB95850A9691845AE26CE5D1550DBFE989229883C526FEB8B','青岚市2024年政府信息公开工作年度报告','青岚市人民政府','990100-00000001',2024,'consolidated','national_2021','990100','prefecture_government','2025-01-30','consistent','2025-02-01T00:00:00Z','2025-02-01T00:00:00Z',NULL,NULL,2,'0.1.0');
CREATE TABLE report_text (
        report INTEGER PRIMARY KEY REFERENCES report(key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, text TEXT NOT NULL);
INSERT INTO "report_text" VALUES(1,'text 2023');
INSERT INTO "report_text" VALUES(2,'text 2024');
CREATE TABLE run_portals (
        run INTEGER NOT NULL REFERENCES runs(key) DEFERRABLE INITIALLY DEFERRED, portal_id TEXT NOT NULL, outcome TEXT, reason TEXT, listed INTEGER,
        fetched INTEGER, new INTEGER, changed INTEGER, unchanged INTEGER, withdrawn INTEGER, rejected INTEGER,
        PRIMARY KEY (run, portal_id)) WITHOUT ROWID;
CREATE TABLE runs (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, command TEXT, version TEXT, started TEXT, seconds REAL,
        requests INTEGER, bytes INTEGER);
INSERT INTO "runs" VALUES(1,'r1','crawl','0.1.0','2025-01-01T00:00:00Z',NULL,NULL,NULL);
CREATE TABLE unit (code INTEGER PRIMARY KEY, unit TEXT UNIQUE);
INSERT INTO "unit" VALUES(0,NULL);
CREATE TABLE value (
        report INTEGER NOT NULL REFERENCES report(key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, cell INTEGER NOT NULL, value, unit INTEGER, printed TEXT,
        status INTEGER NOT NULL, place INTEGER, PRIMARY KEY (report, cell)) WITHOUT ROWID;
INSERT INTO "value" VALUES(1,23,5,NULL,NULL,0,2563);
INSERT INTO "value" VALUES(1,29,5,NULL,NULL,0,4098);
INSERT INTO "value" VALUES(1,30,1,NULL,NULL,0,4355);
INSERT INTO "value" VALUES(1,36,1,NULL,NULL,0,5890);
INSERT INTO "value" VALUES(1,170,5,NULL,NULL,0,1066755);
INSERT INTO "value" VALUES(1,176,5,NULL,NULL,0,1068290);
INSERT INTO "value" VALUES(1,177,2,NULL,NULL,0,1068547);
INSERT INTO "value" VALUES(1,183,2,NULL,NULL,0,1070082);
INSERT INTO "value" VALUES(2,23,5,NULL,NULL,0,2563);
INSERT INTO "value" VALUES(2,29,5,NULL,NULL,0,4098);
INSERT INTO "value" VALUES(2,30,2,NULL,NULL,0,4355);
INSERT INTO "value" VALUES(2,36,7,NULL,NULL,0,5890);
INSERT INTO "value" VALUES(2,170,5,NULL,NULL,0,1066755);
INSERT INTO "value" VALUES(2,176,5,NULL,NULL,0,1068290);
INSERT INTO "value" VALUES(2,177,2,NULL,NULL,0,1068547);
INSERT INTO "value" VALUES(2,183,2,NULL,NULL,0,1070082);
CREATE TABLE visit (
        key INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, etag TEXT, last_modified TEXT, seen_at TEXT, gone_on TEXT,
        capture INTEGER REFERENCES capture(key) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "visit" VALUES(1,'http://www.qinglan.gov.cn/2023.html','"3ff4e8"','Sat, 01 Feb 2025 00:00:00 GMT','2024-02-01T00:00:00Z',NULL,1);
INSERT INTO "visit" VALUES(2,'http://www.qinglan.gov.cn/2024.html','"90b042"','Sat, 01 Feb 2025 00:00:00 GMT','2025-02-01T00:00:00Z',NULL,2);
CREATE TABLE warc_file (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "warc_file" VALUES(1,'harvester-test-00000.warc.gz');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX capture_visit ON capture(visit);
CREATE INDEX capture_report ON capture(report);
CREATE UNIQUE INDEX capture_place ON capture(warc_file, warc_offset);
CREATE INDEX report_text_sha256 ON report(text_sha256);
CREATE INDEX report_year ON report(year);
CREATE INDEX report_organ ON report(organ_id);
CREATE INDEX issue_report ON issue(report) WHERE report IS NOT NULL;
CREATE INDEX issue_visit ON issue(visit) WHERE visit IS NOT NULL;
CREATE VIEW "reports" AS SELECT r.id, r.title, r.organ, r.organ_id, (SELECT portal_id FROM capture WHERE key = r.capture) AS portal_id,
        r.year, r.scope, r.form, r.region_code, (SELECT name FROM regions WHERE code = r.region_code) AS region, substr(r.region_code, 1, 2) || '0000' AS province_code, (SELECT name FROM regions WHERE code = substr(r.region_code, 1, 2) || '0000') AS province,
        r.level, r.published_on, (SELECT v.url FROM capture c JOIN visit v ON v.key = c.visit WHERE c.key = r.capture) AS url,
        r.quality, r.first_seen, r.last_seen, r.withdrawn_on, (SELECT id FROM report WHERE key = r.superseded_by) AS superseded_by,
        r.capture AS capture_id, r.extraction, lower(hex(r.text_sha256)) AS text_sha256, r.key,
        (SELECT text FROM report_text WHERE report = r.key) AS text FROM report r;
CREATE VIEW "captures" AS SELECT c.key AS id, v.url, c.fetched_at, c.http_status, t.name AS content_type, lower(hex(c.body_sha256)) AS body_sha256,
        w.name AS warc_file, c.warc_offset, r.id AS report_id, u.id AS run_id, c.portal_id, c.record_id
        FROM capture c JOIN visit v ON v.key = c.visit LEFT JOIN content_type t ON t.code = c.content_type
        LEFT JOIN warc_file w ON w.code = c.warc_file LEFT JOIN report r ON r.key = c.report LEFT JOIN runs u ON u.key = c.run;
CREATE VIEW "figures" AS SELECT r.id AS report_id, k.table_key, k.row_key, k.column_key, f.value,
        CASE WHEN f.unit IS NULL THEN k.unit ELSE u.unit END AS unit,
        CASE WHEN f.status = 2 THEN NULL ELSE coalesce(f.printed, CAST(f.value AS TEXT), '') END AS printed,
        CASE f.status WHEN 0 THEN 'printed' WHEN 1 THEN 'blank' WHEN 2 THEN 'absent' WHEN 3 THEN 'doubtful' END AS status, r.capture AS capture_id,
        f.place >> 20 AS source_table, (f.place >> 8) & 4095 AS source_row, f.place & 255 AS source_column
        FROM value f JOIN report r ON r.key = f.report JOIN cell k ON k.code = f.cell LEFT JOIN unit u ON u.code = f.unit;
CREATE VIEW "checks" AS SELECT r.id AS report_id, p.check_id, p.at, x.left_value, x.right_value, CASE x.outcome WHEN 0 THEN 'pass' WHEN 1 THEN 'fail' WHEN 2 THEN 'unknown' END AS outcome,
        x.if_blank_zero FROM check_result x JOIN report r ON r.key = x.report JOIN check_place p ON p.code = x.place;
CREATE VIEW "issues" AS SELECT r.id AS report_id, v.url, i.code, i."where", i.message, u.id AS run_id
        FROM issue i LEFT JOIN report r ON r.key = i.report LEFT JOIN visit v ON v.key = i.visit LEFT JOIN runs u ON u.key = i.run;
CREATE VIEW "prose" AS SELECT r.id AS report_id, o.key, o.value, o.unit, o.section, o.sentence
        FROM prose_value o JOIN report r ON r.key = o.report;
COMMIT;
